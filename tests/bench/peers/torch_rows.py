"""Native PyTorch at the benchmark's rows: lines of JSON come, lines of JSON go; the methods of worker.mjs."""

import json
import sys
import time

import torch
import torch.nn.functional as F
from torch import nn

torch.set_num_threads(int(sys.argv[1]))
torch.manual_seed(0)


class Block(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.ln_1, self.ln_2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.qkv, self.proj = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.mlp = nn.Sequential(nn.Linear(width, 4 * width), nn.GELU(approximate="tanh"), nn.Linear(4 * width, width))
        self.heads = heads

    def forward(self, x, mask, cache=None):
        n, t, c = x.shape
        q, k, v = self.qkv(self.ln_1(x)).view(n, t, 3, self.heads, c // self.heads).permute(2, 0, 3, 1, 4)
        if cache is not None:
            if "k" in cache:
                k, v = torch.cat([cache["k"], k], 2), torch.cat([cache["v"], v], 2)
            cache["k"], cache["v"] = k, v
        scores = q @ k.transpose(-1, -2) * (c // self.heads) ** -0.5
        if mask is not None:
            scores = scores + mask
        x = x + self.proj((scores.softmax(-1) @ v).transpose(1, 2).reshape(n, t, c))
        return x + self.mlp(self.ln_2(x))


class GPT(nn.Module):
    def __init__(self):
        super().__init__()
        self.wte, self.wpe = nn.Embedding(65, 128), nn.Embedding(64, 128)
        self.h = nn.ModuleList(Block(128, 4) for _ in range(4))
        self.ln_f, self.head = nn.LayerNorm(128), nn.Linear(128, 65, bias=False)
        self.register_buffer("mask", torch.full((64, 64), float("-inf")).triu(1))

    def forward(self, ids, place=0, cache=None):
        t = ids.shape[1]
        x = self.wte(ids) + self.wpe.weight[place : place + t]
        for i, block in enumerate(self.h):
            x = block(x, self.mask[:t, :t] if cache is None else None, None if cache is None else cache[i])
        return self.head(self.ln_f(x))


def trainer(model, optimizer, loss):
    def step():
        optimizer.zero_grad()
        loss(model).backward()
        optimizer.step()

    return step


def matmul(row):
    n, form = row["n"], row["form"]
    a, b = torch.randn(n, n), torch.randn(n, n)
    left = a.t() if form.startswith("Aᵀ") else a
    right = b.t() if form.endswith("Bᵀ") else b
    return lambda: left @ right


def xor(_):
    x, y = torch.tensor([[0.0, 0], [0, 1], [1, 0], [1, 1]]), torch.tensor([[0.0], [1], [1], [0]])
    model = nn.Sequential(nn.Linear(2, 8), nn.Tanh(), nn.Linear(8, 1), nn.Sigmoid())
    return trainer(model, torch.optim.SGD(model.parameters(), lr=0.1), lambda m: F.mse_loss(m(x), y))


def classifier(x, *layers):
    y = torch.randint(0, 10, (64,))
    model = nn.Sequential(*layers)
    return trainer(model, torch.optim.Adam(model.parameters()), lambda m: F.cross_entropy(m(x), y))


def mlp(_):
    return classifier(torch.randn(64, 784), nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 10))


def cnn(_):
    conv = lambda i, o: (nn.Conv2d(i, o, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2))
    return classifier(torch.randn(64, 1, 28, 28), *conv(1, 16), *conv(16, 32), nn.Flatten(), nn.Linear(1568, 10))


def gpt(_):
    x, y = torch.randint(0, 65, (16, 64)), torch.randint(0, 65, (16 * 64,))
    model = GPT()
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3, weight_decay=0.01)
    return trainer(model, optimizer, lambda m: F.cross_entropy(m(x).view(-1, 65), y))


def generate(_):
    model = GPT().eval()

    @torch.inference_mode()
    def once():
        cache, token = [{} for _ in model.h], 1
        for place in range(63):
            token = model(torch.tensor([[token]]), place, cache)[0, -1].argmax().item()

    return once


def pointwise(row):
    a, b = torch.randn(1024, 1024), torch.randn(1024, 1024)
    return {
        "add": lambda: a + b,
        "gelu": lambda: F.gelu(a, approximate="tanh"),
        "softmax": lambda: F.softmax(a, 1),
        "layerNorm": lambda: F.layer_norm(a, (1024,)),
    }[row["op"]]


class Worker:
    def load(self, _engine, _options):
        a = torch.randn(512, 512)
        self.task = lambda: a @ a
        self.time(3)
        return {"version": torch.__version__, "threads": torch.get_num_threads(), "gflops": 2 * 512**3 / self.time(5) / 1e6}

    def prepare(self, row):
        makers = {f.__name__: f for f in (matmul, xor, mlp, cnn, gpt, generate, pointwise)}
        self.task = makers[row["kind"]](row)
        return {"results": None}

    def time(self, calls):
        start = time.perf_counter()
        for _ in range(calls):
            self.task()
        return (time.perf_counter() - start) * 1000 / calls

    def warmUp(self):
        start, calls = time.perf_counter(), 1
        while True:
            each = self.time(calls)
            if time.perf_counter() - start >= 0.3:
                return max(1, round(40 / max(each, 1e-4)))
            if each * calls < 40:
                calls *= 2

    def release(self):
        self.task = None


worker = Worker()
for line in sys.stdin:
    order = json.loads(line)
    try:
        answer = {"result": getattr(worker, order["method"])(*order["args"])}
    except Exception as error:  # noqa: BLE001: goes to the other side
        answer = {"failure": repr(error)}
    print(json.dumps(answer), flush=True)
