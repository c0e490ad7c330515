package superweight.checkpoint;

import java.util.List;
import java.util.Random;

/** A valid Llama model of a few kilobytes: one layer, width 32, two heads over one, six tokens. */
final class TinyLlama {
    static final int HIDDEN = 32;
    static final int INTERMEDIATE = 64;
    static final List<String> TOKENS = List.of("<s>", "</s>", "<tool>", "a", "b", "ab");

    private TinyLlama() {}

    static GgufBytes gguf() {
        Random random = new Random(1);
        return metadata()
                .tensor("token_embd.weight", TensorType.Q8_0.id(),
                        blocks(random, TensorType.Q8_0, 6, HIDDEN), HIDDEN, 6)
                .floats("blk.0.attn_norm.weight", floats(random, HIDDEN), HIDDEN)
                .floats("blk.0.attn_q.weight", floats(random, HIDDEN * HIDDEN), HIDDEN, HIDDEN)
                .floats("blk.0.attn_k.weight", floats(random, 16 * HIDDEN), HIDDEN, 16)
                .tensor("blk.0.attn_v.weight", TensorType.F16.id(),
                        blocks(random, TensorType.F16, 16, HIDDEN), HIDDEN, 16)
                .tensor("blk.0.attn_output.weight", TensorType.BF16.id(),
                        blocks(random, TensorType.BF16, HIDDEN, HIDDEN), HIDDEN, HIDDEN)
                .floats("blk.0.ffn_norm.weight", floats(random, HIDDEN), HIDDEN)
                .tensor("blk.0.ffn_gate.weight", TensorType.Q4_0.id(),
                        blocks(random, TensorType.Q4_0, INTERMEDIATE, HIDDEN), HIDDEN, INTERMEDIATE)
                .tensor("blk.0.ffn_up.weight", TensorType.Q4_1.id(),
                        blocks(random, TensorType.Q4_1, INTERMEDIATE, HIDDEN), HIDDEN, INTERMEDIATE)
                .tensor("blk.0.ffn_down.weight", TensorType.Q4_1.id(),
                        blocks(random, TensorType.Q4_1, HIDDEN, INTERMEDIATE), INTERMEDIATE, HIDDEN)
                .floats("output_norm.weight", floats(random, HIDDEN), HIDDEN);
    }

    private static GgufBytes metadata() {
        return new GgufBytes()
                .string("general.architecture", "llama")
                .uint32("llama.block_count", 1)
                .uint32("llama.context_length", 128)
                .uint32("llama.embedding_length", HIDDEN)
                .uint32("llama.feed_forward_length", INTERMEDIATE)
                .uint32("llama.attention.head_count", 2)
                .uint32("llama.attention.head_count_kv", 1)
                .float32("llama.rope.freq_base", 10000)
                .float32("llama.attention.layer_norm_rms_epsilon", 1e-5f)
                .uint32("llama.vocab_size", TOKENS.size())
                .uint32("llama.rope.dimension_count", 16)
                .string("tokenizer.ggml.model", "gpt2")
                .string("tokenizer.ggml.pre", "smollm")
                .strings("tokenizer.ggml.tokens", TOKENS)
                .int32s("tokenizer.ggml.token_type", List.of(3, 3, 4, 1, 1, 1))
                .strings("tokenizer.ggml.merges", List.of("a b"))
                .uint32("tokenizer.ggml.bos_token_id", 0)
                .uint32("tokenizer.ggml.eos_token_id", 1)
                .bool("tokenizer.ggml.add_bos_token", 1)
                .string("tokenizer.chat_template", "{{ cycler.__init__.__globals__ }}");
    }

    /** Random blocks; any bytes are valid numbers in every type. */
    static byte[] blocks(Random random, TensorType type, int rows, int columns) {
        byte[] bytes = new byte[rows * columns / type.elementsPerBlock() * type.bytesPerBlock()];
        random.nextBytes(bytes);
        return bytes;
    }

    private static float[] floats(Random random, int count) {
        float[] floats = new float[count];
        for (int i = 0; i < count; i++) {
            floats[i] = (float) random.nextGaussian();
        }
        return floats;
    }
}
