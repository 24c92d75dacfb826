"""A PackStream's block through PyTorch's DataLoader."""

import torch

from .pack_stream import PackStream


class BlockDataset(torch.utils.data.IterableDataset):
    """What is left of a stream's block, in the same order for any number of workers:

        stream.begin_block(weights, batches)
        for batch in DataLoader(BlockDataset(stream), batch_size=None, num_workers=4):
            train(batch["tokens"], batch["labels"])
        stream.skip_to(batches)  # Or to where training stood; then stream.state() is right.

    A PackStream reads on threads of its own and needs no workers; this is for trainers that want a DataLoader. The stream
    may go on while it is read.
    """

    def __init__(self, stream):
        super().__init__()
        self.options, self.state, self.read = dict(stream.options), stream.state(), stream.report()["batches_read"]

    def __iter__(self):
        worker = torch.utils.data.get_worker_info()
        turn = {}
        if worker is not None:  # A loader asks its workers in turn, beginning with the first.
            turn = {"first": (self.read + worker.id) % worker.num_workers, "stride": worker.num_workers}
        stream = PackStream(**{**self.options, **turn})
        stream.resume(self.state)
        for batch in stream:
            arrays = {name: getattr(batch, name) for name in ("tokens", "labels", "starts", "skills", "indices")}
            yield {name: torch.from_numpy(array) for name, array in arrays.items() if array is not None}
