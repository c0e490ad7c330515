package superweight.checkpoint;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import superweight.InvalidInputException;

/**
 * The config of a Llama model from GGUF metadata.
 *
 * <p>A key that would change the computation is either understood or refused: nothing is skipped
 * and nothing that the format leaves open is filled in silently.
 */
final class GgufConfig {
    /** The output projection; a model without it uses its embedding. */
    static final String OUTPUT = "output.weight";

    private static final String LLAMA = "llama";
    private static final String PREFIX = LLAMA + ".";

    private static final String BLOCK_COUNT = "llama.block_count";
    private static final String EMBEDDING_LENGTH = "llama.embedding_length";
    private static final String FEED_FORWARD_LENGTH = "llama.feed_forward_length";
    private static final String HEAD_COUNT = "llama.attention.head_count";
    private static final String HEAD_COUNT_KV = "llama.attention.head_count_kv";
    private static final String KEY_LENGTH = "llama.attention.key_length";
    private static final String VALUE_LENGTH = "llama.attention.value_length";
    private static final String ROTARY_LENGTH = "llama.rope.dimension_count";
    private static final String ROPE_BASE = "llama.rope.freq_base";
    private static final String NORM_EPSILON = "llama.attention.layer_norm_rms_epsilon";
    private static final String CONTEXT_LENGTH = "llama.context_length";
    private static final String VOCAB_SIZE = "llama.vocab_size";
    private static final String SPLITS = "split.count";

    private static final Set<String> UNDERSTOOD = Set.of(
            BLOCK_COUNT, EMBEDDING_LENGTH, FEED_FORWARD_LENGTH, HEAD_COUNT, HEAD_COUNT_KV, KEY_LENGTH, VALUE_LENGTH,
            ROTARY_LENGTH, ROPE_BASE, NORM_EPSILON, CONTEXT_LENGTH, VOCAB_SIZE);

    /** Keys that may be there as long as they say that the feature they name is not used. */
    private static final Map<String, Object> HARMLESS = Map.of(
            "llama.rope.scaling.type", "none",
            "llama.expert_count", 0L,
            "llama.expert_used_count", 0L,
            "llama.attention.causal", true);

    private GgufConfig() {}

    /**
     * Reads the config.
     *
     * @throws InvalidInputException if the architecture is not Llama, a size is missing or makes no
     *     sense, or the model uses a feature that is not implemented
     */
    static ModelConfig read(GgufFile file) {
        GgufMetadata metadata = file.metadata();
        requireSupported(metadata);
        int hiddenSize = metadata.integer(EMBEDDING_LENGTH, 1, ConfigLimits.WIDEST);
        int heads = metadata.integer(HEAD_COUNT, 1, ConfigLimits.MOST_HEADS);
        int vocabSize = GgufTokenizer.vocabularySize(metadata);
        if (metadata.has(VOCAB_SIZE)) {
            require(metadata, VOCAB_SIZE, vocabSize, "the number of tokens");
        }
        return new ModelConfig(
                LLAMA,
                metadata.integer(BLOCK_COUNT, 1, ConfigLimits.MOST_LAYERS),
                hiddenSize,
                metadata.integer(FEED_FORWARD_LENGTH, 1, ConfigLimits.WIDEST),
                heads,
                keyValueHeads(metadata, heads),
                headDim(metadata, hiddenSize, heads),
                metadata.number(ROPE_BASE, ConfigLimits.LEAST_THETA, ConfigLimits.LARGEST_THETA),
                RopeScaling.NONE,
                metadata.number(NORM_EPSILON, ConfigLimits.LEAST_EPSILON, ConfigLimits.LARGEST_EPSILON),
                vocabSize,
                metadata.integer(CONTEXT_LENGTH, 1, ConfigLimits.LONGEST_CONTEXT),
                !file.tensors().containsKey(OUTPUT));
    }

    private static void requireSupported(GgufMetadata metadata) {
        String architecture = metadata.string("general.architecture");
        if (!architecture.equals(LLAMA)) {
            throw metadata.refuse("the architecture", LLAMA, architecture);
        }
        if (metadata.has(SPLITS)) {
            metadata.integer(SPLITS, 0, 1);
        }
        for (String key : metadata.keys()) {
            if (key.startsWith(PREFIX) && !UNDERSTOOD.contains(key)) {
                List<Object> contents = metadata.contents(key);
                if (!HARMLESS.containsKey(key) || !contents.equals(List.of(HARMLESS.get(key)))) {
                    String expected = HARMLESS.containsKey(key) ? String.valueOf(HARMLESS.get(key)) : "absent";
                    throw metadata.refuse("metadata key " + key,
                            expected + ", since the feature that it names is not supported",
                            contents.stream().map(String::valueOf).collect(Collectors.joining(", ")));
                }
            }
        }
    }

    /** As many as query heads where the file does not say, as the format defines it. */
    private static int keyValueHeads(GgufMetadata metadata, int heads) {
        int keyValueHeads = metadata.has(HEAD_COUNT_KV) ? metadata.integer(HEAD_COUNT_KV, 1, heads) : heads;
        if (heads % keyValueHeads != 0) {
            throw metadata.refuse(HEAD_COUNT_KV, "a divisor of the " + heads + " query heads",
                    String.valueOf(keyValueHeads));
        }
        return keyValueHeads;
    }

    /** The hidden size shared out over the heads where the file does not say, as the format defines it. */
    private static int headDim(GgufMetadata metadata, int hiddenSize, int heads) {
        if (!metadata.has(KEY_LENGTH) && hiddenSize % heads != 0) {
            throw metadata.refuse(EMBEDDING_LENGTH, "a multiple of the " + heads + " heads",
                    String.valueOf(hiddenSize));
        }
        int headDim = metadata.has(KEY_LENGTH)
                ? metadata.integer(KEY_LENGTH, 1, ConfigLimits.WIDEST)
                : hiddenSize / heads;
        if (headDim % 2 != 0) {
            throw metadata.refuse("the width of one head", "even, for rotary embedding", String.valueOf(headDim));
        }
        for (String key : List.of(VALUE_LENGTH, ROTARY_LENGTH)) {
            if (metadata.has(key)) {
                require(metadata, key, headDim, "the width of one head");
            }
        }
        return headDim;
    }

    private static void require(GgufMetadata metadata, String key, int expected, String meaning) {
        int found = metadata.integer(key, 0, Integer.MAX_VALUE);
        if (found != expected) {
            throw metadata.refuse(key, expected + ", " + meaning, String.valueOf(found));
        }
    }
}
