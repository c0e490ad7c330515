package superweight.checkpoint;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import superweight.InvalidInputException;

/**
 * The config of a model of the Llama family from GGUF metadata.
 *
 * <p>A key that would change the computation is either understood or refused: nothing is skipped
 * and nothing that the format leaves open is filled in silently.
 */
final class GgufConfig {
    /** The output projection; a model without it uses its embedding. */
    static final String OUTPUT = "output.weight";

    /** As the format names them; Mistral's files say llama. */
    private static final List<Family> ARCHITECTURES = List.of(Family.LLAMA, Family.QWEN2, Family.QWEN3);

    private static final String BLOCK_COUNT = "block_count";
    private static final String EMBEDDING_LENGTH = "embedding_length";
    private static final String FEED_FORWARD_LENGTH = "feed_forward_length";
    private static final String HEAD_COUNT = "attention.head_count";
    private static final String HEAD_COUNT_KV = "attention.head_count_kv";
    private static final String KEY_LENGTH = "attention.key_length";
    private static final String VALUE_LENGTH = "attention.value_length";
    private static final String ROTARY_LENGTH = "rope.dimension_count";
    private static final String ROPE_BASE = "rope.freq_base";
    private static final String NORM_EPSILON = "attention.layer_norm_rms_epsilon";
    private static final String CONTEXT_LENGTH = "context_length";
    private static final String VOCAB_SIZE = "vocab_size";
    private static final String SPLITS = "split.count";

    private static final Set<String> UNDERSTOOD = Set.of(
            BLOCK_COUNT, EMBEDDING_LENGTH, FEED_FORWARD_LENGTH, HEAD_COUNT, HEAD_COUNT_KV, KEY_LENGTH, VALUE_LENGTH,
            ROTARY_LENGTH, ROPE_BASE, NORM_EPSILON, CONTEXT_LENGTH, VOCAB_SIZE);

    /** Keys that may be there as long as they say that the feature they name is not used. */
    private static final Map<String, Object> HARMLESS = Map.of(
            "rope.scaling.type", "none",
            "expert_count", 0L,
            "expert_used_count", 0L,
            "attention.causal", true);

    private final GgufMetadata metadata;
    private final Family family;

    private GgufConfig(GgufMetadata metadata, Family family) {
        this.metadata = metadata;
        this.family = family;
    }

    /**
     * Reads the config.
     *
     * @throws InvalidInputException if the architecture is none of the Llama family's, a size is missing or makes no
     *     sense, or the model uses a feature that is not implemented
     */
    static ModelConfig read(GgufFile file) {
        GgufConfig config = new GgufConfig(file.metadata(), family(file.metadata()));
        config.requireSupported();
        return config.read(!file.tensors().containsKey(OUTPUT));
    }

    private static Family family(GgufMetadata metadata) {
        String architecture = metadata.string("general.architecture");
        return ARCHITECTURES.stream()
                .filter(family -> family.toString().equals(architecture))
                .findFirst()
                .orElseThrow(() -> metadata.refuse("the architecture", "one of " + ARCHITECTURES.stream()
                        .map(Family::toString).collect(Collectors.joining(", ")), architecture));
    }

    /** The family's key of this meaning. */
    private String key(String meaning) {
        return prefix() + meaning;
    }

    private String prefix() {
        return family + ".";
    }

    private ModelConfig read(boolean tied) {
        int hiddenSize = metadata.integer(key(EMBEDDING_LENGTH), 1, ConfigLimits.WIDEST);
        int heads = metadata.integer(key(HEAD_COUNT), 1, ConfigLimits.MOST_HEADS);
        int vocabSize = GgufTokenizer.vocabularySize(metadata);
        if (metadata.has(key(VOCAB_SIZE))) {
            require(key(VOCAB_SIZE), vocabSize, "the number of tokens");
        }
        return new ModelConfig(
                family,
                metadata.integer(key(BLOCK_COUNT), 1, ConfigLimits.MOST_LAYERS),
                hiddenSize,
                metadata.integer(key(FEED_FORWARD_LENGTH), 1, ConfigLimits.WIDEST),
                heads,
                keyValueHeads(heads),
                headDim(hiddenSize, heads),
                metadata.number(key(ROPE_BASE), ConfigLimits.LEAST_THETA, ConfigLimits.LARGEST_THETA),
                RopeScaling.NONE,
                metadata.number(key(NORM_EPSILON), ConfigLimits.LEAST_EPSILON, ConfigLimits.LARGEST_EPSILON),
                vocabSize,
                metadata.integer(key(CONTEXT_LENGTH), 1, ConfigLimits.LONGEST_CONTEXT),
                tied);
    }

    private void requireSupported() {
        if (metadata.has(SPLITS)) {
            metadata.integer(SPLITS, 0, 1);
        }
        for (String key : metadata.keys()) {
            if (key.startsWith(prefix())) {
                requireUnderstood(key, key.substring(prefix().length()));
            }
        }
    }

    private void requireUnderstood(String key, String meaning) {
        List<Object> contents = metadata.contents(key);
        boolean unused = HARMLESS.containsKey(meaning) && contents.equals(List.of(HARMLESS.get(meaning)));
        if (!UNDERSTOOD.contains(meaning) && !unused) {
            String expected = HARMLESS.containsKey(meaning) ? String.valueOf(HARMLESS.get(meaning)) : "absent";
            throw metadata.refuse("metadata key " + key,
                    expected + ", since the feature that it names is not supported",
                    contents.stream().map(String::valueOf).collect(Collectors.joining(", ")));
        }
    }

    /** As many as query heads where the file does not say, as the format defines it. */
    private int keyValueHeads(int heads) {
        int keyValueHeads = metadata.has(key(HEAD_COUNT_KV)) ? metadata.integer(key(HEAD_COUNT_KV), 1, heads) : heads;
        if (heads % keyValueHeads != 0) {
            throw metadata.refuse(key(HEAD_COUNT_KV), "a divisor of the " + heads + " query heads",
                    String.valueOf(keyValueHeads));
        }
        return keyValueHeads;
    }

    /** The hidden size shared out over the heads where the file does not say, as the format defines it. */
    private int headDim(int hiddenSize, int heads) {
        if (!metadata.has(key(KEY_LENGTH)) && hiddenSize % heads != 0) {
            throw metadata.refuse(key(EMBEDDING_LENGTH), "a multiple of the " + heads + " heads",
                    String.valueOf(hiddenSize));
        }
        int headDim = metadata.has(key(KEY_LENGTH))
                ? metadata.integer(key(KEY_LENGTH), 1, ConfigLimits.WIDEST)
                : hiddenSize / heads;
        if (headDim % 2 != 0) {
            throw metadata.refuse("the width of one head", "even, for rotary embedding", String.valueOf(headDim));
        }
        for (String key : List.of(VALUE_LENGTH, ROTARY_LENGTH)) {
            if (metadata.has(key(key))) {
                require(key(key), headDim, "the width of one head");
            }
        }
        return headDim;
    }

    private void require(String key, int expected, String meaning) {
        int found = metadata.integer(key, 0, Integer.MAX_VALUE);
        if (found != expected) {
            throw metadata.refuse(key, expected + ", " + meaning, String.valueOf(found));
        }
    }
}
