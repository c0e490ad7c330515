package superweight.checkpoint;

import java.util.OptionalInt;

/**
 * What a checkpoint says about its tokenizer.
 *
 * @param json the tokenizer in the format of Hugging Face's {@code tokenizer.json}
 * @param bosId the token that begins a sequence, where the model has one
 * @param eosId the token that ends a sequence, where the model has one
 * @param addBos whether the model's reference tokenizer puts {@code bosId} before every prompt
 */
public record TokenizerSource(String json, OptionalInt bosId, OptionalInt eosId, boolean addBos) {}
