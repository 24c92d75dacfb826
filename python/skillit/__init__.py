"""skillit for trainers of your own: batches of a pack in mixtures that may change at any moment.

    import skillit
    stream = skillit.PackStream("packs/web", window=1024, batch=64, threads=2, seed=7)
    for round in range(10):
        for batch in stream.block({"books": 0.7, "news": 0.3}, batches=100):
            train(batch.tokens, batch.labels)
        save(stream.state())
"""

from .pack_stream import Batch, PackStream, SkillitError

__all__ = ["Batch", "PackStream", "SkillitError"]
