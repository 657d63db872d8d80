#!/usr/bin/env python3
"""PyTorch as the yardstick of `hebb bench`: prints one figure.

torch_peer.py gradient HIDDEN BATCH   median ms of forward + backward, 784-HIDDEN-HIDDEN-10, one thread
torch_peer.py fisher                  seconds for 10,000 exact per-example Fishers in a loop of batch 1,
                                      scaled from 50 examples (one backward pass per class)
torch_peer.py memory                  questions/s of forward + backward of a memory network (3 hops of 50,
                                      adjacent tying), batch 32, one thread: the faster of two ways to
                                      encode sentences, by looking words up and by two bags of words
torch_peer.py steps WORKERS           global synchronous SGD steps/s over gloo with one server
"""
import os
import statistics
import sys
import time

import torch
import torch.nn as nn
import torch.nn.functional as F

torch.set_num_threads(1)
torch.manual_seed(0)


def network(hidden):
    return nn.Sequential(
        nn.Linear(784, hidden), nn.ReLU(), nn.Linear(hidden, hidden), nn.ReLU(), nn.Linear(hidden, 10))


def gradient(hidden, batch):
    model = network(hidden)
    inputs, labels = torch.rand(batch, 784), torch.randint(0, 10, (batch,))
    times = []
    for turn in range(320):
        begin = time.perf_counter()
        for parameter in model.parameters():
            parameter.grad = None
        F.cross_entropy(model(inputs), labels).backward()
        if turn >= 20:
            times.append(1e3 * (time.perf_counter() - begin))
    return statistics.median(times)


def fisher(examples=50):
    model = network(400)
    sums = [torch.zeros_like(parameter) for parameter in model.parameters()]
    inputs = torch.rand(examples, 1, 784)
    begin = time.perf_counter()
    for one in inputs:
        logits = F.log_softmax(model(one), dim=1)
        for label in range(10):
            gradients = torch.autograd.grad(
                logits[0, label], list(model.parameters()), retain_graph=label < 9)
            weight = logits[0, label].detach().exp()
            for total, part in zip(sums, gradients):
                total += weight * part * part
    return (time.perf_counter() - begin) * 10_000 / examples


class MemoryNetwork(nn.Module):
    """End-to-end memory network: position encoding, time words, neighbouring matrices tied."""

    SENTENCES, WORDS, VOCABULARY, ANSWERS, WIDTH, HOPS = 50, 11, 174, 58, 50, 3

    def __init__(self):
        super().__init__()
        rows = 1 + self.VOCABULARY + self.SENTENCES
        self.matrices = nn.ParameterList(
            nn.Parameter(0.1 * torch.randn(rows, self.WIDTH)) for _ in range(self.HOPS + 1))
        self.element = (1 + torch.arange(self.WIDTH)) / self.WIDTH

    def prepare(self, words):
        """What depends on the text alone: places in sentences (j/J), or the two bags of words."""
        length = (words > 0).sum(-1, keepdim=True).clamp(min=1)
        place = (1 + torch.arange(words.shape[-1])) / length * (words > 0)
        first, second = (1 - place) * (words > 0), (1 - 2 * place) * (words > 0)
        factors = first[..., None] - self.element * second[..., None]
        rows = self.matrices[0].shape[0]
        empty = torch.zeros(*words.shape[:-1], rows)
        return words, factors, empty.scatter_add(-1, words, first), empty.scatter_add(-1, words, second)

    def looked_up(self, text, matrix):
        words, factors, _, _ = text
        return (F.embedding(words, matrix) * factors).sum(-2)

    def bagged(self, text, matrix):
        _, _, first, second = text
        return first @ matrix - self.element * (second @ matrix)

    def forward(self, question, text, times, encode):
        state = encode(question, self.matrices[0])
        blank = times == 0
        memories = [encode(text, matrix) + F.embedding(times, matrix) for matrix in self.matrices]
        for hop in range(self.HOPS):
            scores = (memories[hop] @ state[:, :, None]).squeeze(-1)
            attention = torch.softmax(scores.masked_fill(blank, -torch.inf), dim=1)
            state = state + (attention[:, None] @ memories[hop + 1]).squeeze(1)
        return state @ self.matrices[-1][1:1 + self.ANSWERS].T


def memory(batch=32):
    """Texts as `hebb bench questions` has them, cut to the longest of their batch."""
    model = MemoryNetwork()
    rates = []
    batches = []
    for _ in range(10):
        counts = torch.where(torch.rand(batch) < 0.05, 50, torch.randint(2, 29, (batch,)))
        def lines(shape):
            words = torch.randint(1, 1 + model.VOCABULARY, (*shape, model.WORDS))
            lengths = torch.randint(4, 9, (*shape, 1))
            return words * (torch.arange(model.WORDS) < lengths)
        longest = int(counts.max())
        is_told = torch.arange(longest) < counts[:, None]
        text = lines((batch, longest)) * is_told[..., None]
        times = (model.VOCABULARY + 1 + torch.arange(longest)) * is_told
        batches.append((
            model.prepare(lines((batch,))), model.prepare(text), times,
            torch.randint(0, model.ANSWERS, (batch,))))
    for encode in (model.looked_up, model.bagged):
        for turn in range(320):
            if turn == 20:
                begin = time.perf_counter()
            question, text, times, labels = batches[turn % len(batches)]
            for parameter in model.parameters():
                parameter.grad = None
            F.cross_entropy(model(question, text, times, encode), labels).backward()
        rates.append(300 * batch / (time.perf_counter() - begin))
        print(f"{encode.__name__}: {rates[-1]:.0f} questions/s", file=sys.stderr)
    return max(rates)


def flat(tensors):
    return torch.cat([tensor.reshape(-1) for tensor in tensors])


def node(rank, workers, steps, queue):
    import torch.distributed as dist
    torch.set_num_threads(1)
    dist.init_process_group("gloo", rank=rank, world_size=workers + 1)
    model = network(400)
    parameters = list(model.parameters())
    if rank == 0:
        weights = flat([parameter.detach() for parameter in parameters])
        buffers = [torch.empty_like(weights) for _ in range(workers)]
        for step in range(-10, steps):
            if step == 0:
                begin = time.perf_counter()
            for handle in [dist.irecv(buffers[w], w + 1) for w in range(workers)]:
                handle.wait()
            for buffer in buffers:
                weights.add_(buffer, alpha=-0.05 / workers)
            for handle in [dist.isend(weights, w + 1) for w in range(workers)]:
                handle.wait()
        queue.put(steps / (time.perf_counter() - begin))
    else:
        inputs, labels = torch.rand(32, 784), torch.randint(0, 10, (32,))
        buffer = torch.empty(sum(parameter.numel() for parameter in parameters))
        for _ in range(-10, steps):
            for parameter in parameters:
                parameter.grad = None
            F.cross_entropy(model(inputs), labels).backward()
            dist.send(flat([parameter.grad for parameter in parameters]), 0)
            dist.recv(buffer, 0)
            offset = 0
            with torch.no_grad():
                for parameter in parameters:
                    count = parameter.numel()
                    parameter.copy_(buffer[offset:offset + count].view_as(parameter))
                    offset += count
    dist.barrier()
    dist.destroy_process_group()


def steps(workers, count=300):
    import socket
    import torch.multiprocessing as mp
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        os.environ["MASTER_PORT"] = str(probe.getsockname()[1])
    os.environ["MASTER_ADDR"] = "127.0.0.1"
    context = mp.get_context("spawn")
    queue = context.Queue()
    processes = [
        context.Process(target=node, args=(rank, workers, count, queue)) for rank in range(workers + 1)]
    for process in processes:
        process.start()
    rate = queue.get()
    for process in processes:
        process.join()
    return rate


if __name__ == "__main__":
    what = sys.argv[1]
    if what == "gradient":
        print(gradient(int(sys.argv[2]), int(sys.argv[3])))
    elif what == "fisher":
        print(fisher())
    elif what == "memory":
        print(memory())
    else:
        print(steps(int(sys.argv[2])))
