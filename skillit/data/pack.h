#pragma once

#include <filesystem>

#include "skillit/data/pack_index.h"
#include "skillit/data/pack_options.h"
#include "skillit/tokenize/tokenizer.h"

namespace skillit {

/// Turns a corpus into a folder of tokens by skill (PackIndex says what is in it), in two passes
/// over the files: the first checks every document and decides which are dropped or held out, the
/// second makes and writes the tokens, on several threads. The bytes are the same however many
/// threads work and however often it is interrupted.
///
/// While it works everything is in `<folder>.partial`, which is renamed when it is whole. After an
/// interruption, an error or a full disk the same call goes on from the last checkpoint.
/// `tokenizer_name` is what make_tokenizer() knows the tokenizer by.
/// @throws Error kBadArgument (the folder exists, a setting out of its range), kMismatch (a partial
/// pack of other settings), and as the readers, the tokenizer and the writers do.
PackIndex make_pack(const std::filesystem::path& folder, const PackOptions& options,
                    const Tokenizer& tokenizer, const std::string& tokenizer_name);

}  // namespace skillit
