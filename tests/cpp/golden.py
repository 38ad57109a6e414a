"""Writes golden.h: what PyTorch's CPU build gives for special values and for its random stream.

Made with PyTorch 1.13: python3 tests/cpp/golden.py > tests/cpp/golden.h
"""
import math

import torch
import torch.nn.functional as F

SPECIAL = [0.0, -0.0, 1.0, -1.0, 0.5, -0.5, 1.5, -1.5, 2.5, -2.5, 30.0, -30.0, 100.0, -100.0,
           math.inf, -math.inf, math.nan]
PAIR = [0.0, -0.0, 1.0, -1.0, 2.5, -2.5, 3.0, math.inf, -math.inf, math.nan]

UNARY = [
    ('Neg', torch.neg), ('Abs', torch.abs), ('Sign', torch.sign), ('Square', torch.square), ('Relu', torch.relu),
    ('Clamp', lambda x: x.clamp(-1, 2), -1, 2), ('AddScalar', lambda x: x + 0.5, 0.5),
    ('MulScalar', lambda x: x * -3, -3), ('RSubScalar', lambda x: 0.5 - x, 0.5),
    ('Floor', torch.floor), ('Ceil', torch.ceil), ('Round', torch.round), ('Trunc', torch.trunc),
    ('IsNan', torch.isnan), ('IsInf', torch.isinf), ('IsFinite', torch.isfinite), ('LogicalNot', torch.logical_not),
    ('Exp', torch.exp), ('Expm1', torch.expm1), ('Log', torch.log), ('Log2', torch.log2), ('Log10', torch.log10),
    ('Log1p', torch.log1p), ('Sqrt', torch.sqrt), ('Rsqrt', torch.rsqrt), ('Reciprocal', torch.reciprocal),
    ('Sin', torch.sin), ('Cos', torch.cos), ('Tan', torch.tan), ('Asin', torch.asin), ('Acos', torch.acos),
    ('Atan', torch.atan), ('Sinh', torch.sinh), ('Cosh', torch.cosh), ('Tanh', torch.tanh),
    ('Asinh', torch.asinh), ('Acosh', torch.acosh), ('Atanh', torch.atanh), ('Sigmoid', torch.sigmoid),
    ('LogSigmoid', F.logsigmoid), ('Erf', torch.erf), ('Erfc', torch.erfc), ('Gelu', F.gelu),
    ('GeluTanh', lambda x: F.gelu(x, approximate='tanh')), ('Silu', F.silu), ('Mish', F.mish),
    ('Softplus', F.softplus, 1, 20), ('LeakyRelu', lambda x: F.leaky_relu(x, 0.25), 0.25),
    ('Elu', lambda x: F.elu(x, 0.5), 0.5), ('Selu', F.selu), ('Relu6', F.relu6),
    ('Hardtanh', lambda x: F.hardtanh(x, -2, 1.25), -2, 1.25), ('Hardsigmoid', F.hardsigmoid),
    ('Hardswish', F.hardswish), ('PowScalar', lambda x: x ** 2, 2), ('PowScalar', lambda x: x ** 0.5, 0.5),
    ('PowScalar', lambda x: x ** -1, -1), ('PowScalar', lambda x: x ** -0.5, -0.5),
    ('PowScalar', lambda x: x ** 3, 3), ('PowScalar', lambda x: x ** 2.5, 2.5), ('PowScalar', lambda x: x ** 0, 0),
]

BINARY = [
    ('Add', torch.add), ('Sub', torch.sub), ('Mul', torch.mul), ('Div', torch.div),
    ('FloorDiv', lambda a, b: torch.div(a, b, rounding_mode='floor')), ('Maximum', torch.maximum),
    ('Minimum', torch.minimum), ('Pow', torch.pow), ('Fmod', torch.fmod), ('Remainder', torch.remainder),
    ('Atan2', torch.atan2), ('Eq', torch.eq), ('Ne', torch.ne), ('Lt', torch.lt), ('Le', torch.le), ('Gt', torch.gt),
    ('Ge', torch.ge), ('LogicalAnd', torch.logical_and), ('LogicalOr', torch.logical_or),
    ('LogicalXor', torch.logical_xor),
]


def number(v):
    v = float(v)
    if math.isnan(v):
        return 'kNan'
    if math.isinf(v):
        return 'kInf' if v > 0 else '-kInf'
    return repr(v)


def braces(values, number=number):
    return '{' + ', '.join(number(v) for v in values) + '}'


def fold(text, width=108):
    words = text.split()
    lines, line = [], text[:len(text) - len(text.lstrip())] + words[0]
    for word in words[1:]:
        if len(line) + 1 + len(word) > width:
            lines.append(line)
            line = '        ' + word
        else:
            line += ' ' + word
    return '\n'.join(lines + [line])


def emit(text):
    print(fold(text))


def special_values():
    emit('inline constexpr double kSpecial[] = ' + braces(SPECIAL) + ';')
    print('struct UnaryCase {\n  Unary kind;\n  double p, q;\n  double expected[std::size(kSpecial)];\n};')
    print('inline constexpr UnaryCase kUnaryCases[] = {')
    x = torch.tensor(SPECIAL, dtype=torch.float64)
    for name, function, *numbers in UNARY:
        p, q = (numbers + [0, 0])[:2]
        emit(f'    {{Unary::{name}, {number(p)}, {number(q)}, {braces(function(x))}}},')
    print('};\n')
    emit('inline constexpr double kPair[] = ' + braces(PAIR) + ';')
    print('struct BinaryCase {\n  Binary kind;\n  double expected[std::size(kPair) * std::size(kPair)];\n};')
    print('inline constexpr BinaryCase kBinaryCases[] = {')
    a = torch.tensor(PAIR, dtype=torch.float64)
    for name, function in BINARY:
        emit(f'    {{Binary::{name}, {braces(function(a[:, None], a[None, :]).flatten())}}},')
    print('};\n')


SEEDS = [0, 7, 2 ** 33 + 5]


def stream(seed, draws):
    torch.manual_seed(seed)
    return [list(draw().flatten().tolist()) for draw in draws]


# The draws after a manual_seed, one behind the other. Long ones are folded into sums, which a wrong place shows too.
DRAWS = [
    ('Uniform', 'Float32', 5, 0, 1, lambda: torch.rand(5)),
    ('Uniform', 'Float32', 17, -1 / 28, 1 / 28, lambda: torch.empty(17).uniform_(-1 / 28, 1 / 28)),
    ('Uniform', 'Float64', 3, -0.5, 2, lambda: torch.empty(3, dtype=torch.float64).uniform_(-0.5, 2)),
    ('Normal', 'Float32', 1, 0, 1, lambda: torch.randn(1)),
    ('Normal', 'Float64', 2, 1, 3, lambda: torch.empty(2, dtype=torch.float64).normal_(1, 3)),
    ('Normal', 'Float32', 15, 0, 1, lambda: torch.randn(15)),
    ('Normal', 'Float32', 16, 0, 1, lambda: torch.randn(16)),
    ('Normal', 'Float32', 37, 0.5, 0.02, lambda: torch.empty(37).normal_(0.5, 0.02)),
    ('Normal', 'Float64', 19, 0, 1, lambda: torch.randn(19, dtype=torch.float64)),
    ('Bernoulli', 'Float32', 20, 0.3, 0, lambda: torch.empty(20).bernoulli_(0.3)),
    ('Bernoulli', 'Float64', 7, 0.9, 0, lambda: torch.empty(7, dtype=torch.float64).bernoulli_(0.9)),
    ('RandInt', 'Int32', 20, -3, 11, lambda: torch.randint(-3, 11, (20,))),
    ('RandInt', 'Int32', 5, -2 ** 31, 2 ** 31 - 1, lambda: torch.randint(-2 ** 31, 2 ** 31 - 1, (5,))),
    ('RandPerm', 'Int32', 40, 0, 0, lambda: torch.randperm(40)),
    ('RandPerm', 'Int32', 1, 0, 0, lambda: torch.randperm(1)),
    ('Uniform', 'Float32', 3, 0, 1, lambda: torch.rand(3)),
]


def random_stream():
    longest = max(n for _, _, n, *_ in DRAWS)
    print('struct Draw {\n  RandomKind kind;\n  DType dtype;\n  int n;\n  double a, b;\n'
          f'  double expected[{len(SEEDS)}][{longest}];\n}};')
    emit('inline constexpr std::uint64_t kSeeds[] = ' + braces(SEEDS, lambda v: f'{v}ull') + ';')
    print('inline constexpr Draw kDraws[] = {')
    streams = [stream(seed, [d[5] for d in DRAWS]) for seed in SEEDS]
    for i, (kind, dtype, n, a, b, _) in enumerate(DRAWS):
        values = '{' + ', '.join(braces(s[i]) for s in streams) + '}'
        emit(f'    {{RandomKind::{kind}, DType::{dtype}, {n}, {number(a)}, {number(b)}, {values}}},')
    print('};\n')
    print('// Sums of 1000 values, each times its place counted from 1, after manual_seed(3).')
    weights = torch.arange(1, 1001, dtype=torch.float64)
    for name, draw in [('Rand', lambda: torch.rand(1000)), ('Randn', lambda: torch.randn(1000)),
                       ('RandPerm', lambda: torch.randperm(1000))]:
        torch.manual_seed(3)
        print(f'inline constexpr double kSumOf{name} = {number((draw().double() * weights).sum())};')


print('''#pragma once
// Written by golden.py with PyTorch; not edited by hand.
// clang-format off

#include <cstdint>
#include <iterator>
#include <limits>

#include "fluxion/kernels/kernels.h"

namespace fluxion::golden {

using kernels::Binary;
using kernels::RandomKind;
using kernels::Unary;

inline constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
inline constexpr double kInf = std::numeric_limits<double>::infinity();
''')
special_values()
random_stream()
print('\n}  // namespace fluxion::golden')
