#pragma once

// The C interface behind the Python package. Strings are UTF-8; JSON where so named. What a
// function returns as text belongs to the reader and stays until its next call. A failure returns
// NULL or -1, and skillit_error() says why, for this thread.

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct skillit_reader skillit_reader;

/// What was wrong with this thread's last call.
const char* skillit_error(void);

/// A reader of a pack's training windows (skillit/data/batch_reader.h) with a stream
/// (mixture_stream.h). `options` is a JSON object: pack, window, packing, document_mask, seed,
/// unit, fair, spent, max_epochs, batch, rank, world, first, stride, threads, ahead; all but pack
/// have a default; an unknown one is an error.
skillit_reader* skillit_reader_open(const char* options);
void skillit_reader_close(skillit_reader* reader);

/// JSON: skills (name, windows, tokens), window, rows (of this rank in a batch), document_mask,
/// vocabulary_size, end_of_document.
const char* skillit_reader_about(skillit_reader* reader);

/// A block of `batches` with these weights, one per skill in the order of about(). Returns how many
/// batches it has, or -1.
int64_t skillit_reader_begin_block(skillit_reader* reader, const double* weights, uint64_t count,
                                   uint64_t batches);

/// The next batch: tokens [rows, window], the end of document behind a shorter window; labels
/// [rows, window], the token after each, or -100 where none is to be learned; starts [rows,
/// window], where each token's document begins, or NULL; skills [rows]; indices [rows], of windows.
/// Returns 1, 0 at the end of the block, -1.
int skillit_reader_next(skillit_reader* reader, int32_t* tokens, int32_t* labels, int32_t* starts,
                        int32_t* skills, int64_t* indices);

/// JSON: the stream's state after the last batch.
const char* skillit_reader_state(skillit_reader* reader);
/// Goes on there: 1, or -1.
int skillit_reader_resume(skillit_reader* reader, const char* state);
/// Goes to the end of `batches` of the current block, as if they had been read: 1, or -1.
int skillit_reader_skip(skillit_reader* reader, uint64_t batches);
/// JSON: asked, delivered, tokens or samples, epochs by skill; batches of the block, and
/// batches_read of them.
const char* skillit_reader_report(skillit_reader* reader);

#ifdef __cplusplus
}
#endif
