import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { upwardArrows } from '../../scripts/floors.mjs';
import { temporary } from './machine.mjs';

function house(t, files) {
  const folder = temporary(t);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), text);
  }
  return upwardArrows(folder).faults;
}
const include = (name) => `#include "${name}"\n`;

test('downward arrows are fine', (t) => {
  const faults = house(t, {
    'cpp/fluxion/kernels/gemm.cpp':
      include('fluxion/core/dtype.h') + include('gemm.h') + '#include <vector>\n',
    'cpp/fluxion/nn/linear.cpp': include('fluxion/ops/ops.h') + include('fluxion/kernels/kernels.h'),
    'cpp/fluxion/train/fit.cpp': include('fluxion/optim/adam.h') + include('fluxion/io/files.h'),
    'bindings/all.cpp': include('fluxion/train/fit.h'),
    'web/index.ts': "import { a } from './tensor.ts';\nexport * from './nn/linear.ts';\n",
    'tutorials/xor/train.ts': "import { init } from 'fluxion';\nimport { b } from '../shared/b.ts';\n",
  });
  assert.deepEqual(faults, []);
});

const planted = {
  'core uses ops': ['cpp/fluxion/core/tensor.cpp', include('fluxion/ops/ops.h')],
  'a relative include goes up': ['cpp/fluxion/core/tensor.cpp', include('../ops/ops.h')],
  'kernels use the tensor header': ['cpp/fluxion/kernels/unary.cpp', include('fluxion/core/tensor.h')],
  'autograd uses ops': ['cpp/fluxion/autograd/engine.cpp', include('fluxion/ops/ops.h')],
  'autograd uses kernels': ['cpp/fluxion/autograd/engine.cpp', include('fluxion/kernels/kernels.h')],
  'nn uses train': ['cpp/fluxion/nn/linear.cpp', include('fluxion/train/fit.h')],
  'nn uses its neighbour text': ['cpp/fluxion/nn/linear.cpp', include('fluxion/text/bpe.h')],
  'manual uses autograd': ['cpp/fluxion/manual/linear.cpp', include('fluxion/autograd/node.h')],
  'an indented include counts': ['cpp/fluxion/core/a.h', `  #  ${include('fluxion/nn/nn.h').slice(1)}`],
  'a folder on no floor': ['cpp/fluxion/extras/a.cpp', ''],
  'web uses the site': ['web/index.ts', "import { a } from '../tutorials/xor/train.ts';\n"],
  'the site reaches into the package': [
    'tutorials/xor/train.ts',
    "import { a } from '../../web/tensor.ts';\n",
  ],
  'the site imports dynamically': [
    'tutorials/xor/train.ts',
    "const a = await import('../../web/tensor.ts');\n",
  ],
  'the site re-exports over lines': [
    'tutorials/xor/train.ts',
    "export {\n  a,\n} from '../../bindings/generated/ops.ts';\n",
  ],
};

for (const [what, [file, text]] of Object.entries(planted)) {
  test(`caught: ${what}`, (t) => {
    const faults = house(t, { [file]: text });
    assert.equal(faults.length, 1, faults.join('\n'));
    assert.match(faults[0], new RegExp(`^${file.replaceAll('.', '\\.')}`));
  });
}
