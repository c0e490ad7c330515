package superweight.checkpoint;

import static java.util.Map.entry;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import superweight.InvalidInputException;

/**
 * The config of a model of the Llama family from {@code config.json} as Hugging Face transformers writes it.
 *
 * <p>What the file leaves out is what transformers takes in its place. A field that would change the computation is
 * either understood or refused; others are of no concern here.
 */
final class ConfigJson {
    static final String FILE = "config.json";

    /** Fields that may be there as long as they say that the feature they name is not used. */
    private static final Map<String, List<JsonPrimitive>> HARMLESS = Map.ofEntries(
            entry("hidden_act", List.of(new JsonPrimitive("silu"), new JsonPrimitive("swish"))),
            off("attention_bias"), off("mlp_bias"), off("qkv_bias"), off("attention_out_bias"), off("use_bias"),
            off("bias"), off("use_qk_norm"), off("qk_layernorm"), off("alibi"), off("parallel_attn"),
            off("use_parallel_residual"), off("is_encoder_decoder"), off("add_cross_attention"),
            one("pretraining_tp"), one("partial_rotary_factor"), one("rotary_pct"), one("logit_scale"),
            one("logits_scaling"), one("embedding_multiplier"), one("residual_multiplier"),
            absent("attention_multiplier"), absent("query_pre_attn_scalar"), absent("attn_logit_softcapping"),
            absent("final_logit_softcapping"), absent("clip_qkv"), absent("quantization_config"),
            absent("compression_config"), absent("no_rope_layers"), absent("num_local_experts"),
            absent("num_experts"), absent("n_routed_experts"), absent("pruned_heads_by_layer"));

    private static final String MODEL_TYPE = "model_type";
    private static final String LAYER_TYPES = "layer_types";
    private static final String SLIDING_WINDOW = "sliding_window";
    private static final String USE_SLIDING_WINDOW = "use_sliding_window";
    private static final String MAX_WINDOW_LAYERS = "max_window_layers";
    private static final String MAX_POSITIONS = "max_position_embeddings";
    private static final String HEAD_DIM = "head_dim";
    private static final String KEY_VALUE_HEADS = "num_key_value_heads";
    private static final String HIDDEN_SIZE = "hidden_size";

    private ConfigJson() {}

    /**
     * Reads the config.
     *
     * @param fields {@code config.json}
     * @param tensors names of all tensors: like transformers, a model whose output projection is stored is not tied,
     *     even where the config says so
     * @throws InvalidInputException if the model is of another family, a size is missing or makes no sense, or the
     *     model uses a feature that is not implemented
     */
    static ModelConfig read(JsonFields fields, Set<String> tensors) {
        Family family = family(fields);
        HARMLESS.forEach((key, values) -> {
            if (!family.ignores(key)) {
                requireUnused(fields, key, values);
            }
        });
        int layers = fields.integer("num_hidden_layers", 1, ConfigLimits.MOST_LAYERS);
        int hiddenSize = fields.integer(HIDDEN_SIZE, 1, ConfigLimits.WIDEST);
        int heads = fields.integer("num_attention_heads", 1, ConfigLimits.MOST_HEADS);
        int maxPositions = fields.integer(
                MAX_POSITIONS, 1, ConfigLimits.LONGEST_CONTEXT, family.maxPositionEmbeddings());
        RopeJson rope = RopeJson.read(fields, maxPositions);
        return new ModelConfig(
                family,
                layers,
                hiddenSize,
                fields.integer("intermediate_size", 1, ConfigLimits.WIDEST),
                heads,
                keyValueHeads(fields, family, heads),
                headDim(fields, family, hiddenSize, heads),
                rope.theta(),
                rope.scaling(),
                fields.number("rms_norm_eps", ConfigLimits.LEAST_EPSILON, ConfigLimits.LARGEST_EPSILON, 1e-6),
                fields.integer("vocab_size", 1, ConfigLimits.LARGEST_VOCABULARY),
                longestSequence(fields, family, layers, maxPositions),
                fields.bool("tie_word_embeddings", false) && !tensors.contains(LlamaWeight.LM_HEAD));
    }

    /**
     * A config as {@link #read} reads it, and transformers of any version.
     *
     * @param type of the weights
     */
    static JsonObject write(ModelConfig config, FloatType type) {
        JsonObject json = new JsonObject();
        JsonArray architectures = new JsonArray();
        architectures.add(config.family().architectures().get(0));
        json.add("architectures", architectures);
        json.addProperty(MODEL_TYPE, config.family().toString());
        json.addProperty("torch_dtype", type.toString());
        json.addProperty("vocab_size", config.vocabSize());
        json.addProperty(HIDDEN_SIZE, config.hiddenSize());
        json.addProperty("intermediate_size", config.intermediateSize());
        json.addProperty("num_hidden_layers", config.numHiddenLayers());
        json.addProperty("num_attention_heads", config.numAttentionHeads());
        json.addProperty(KEY_VALUE_HEADS, config.numKeyValueHeads());
        json.addProperty(HEAD_DIM, config.headDim());
        json.addProperty("hidden_act", "silu");
        json.addProperty(MAX_POSITIONS, config.maxPositionEmbeddings());
        json.addProperty("rms_norm_eps", config.rmsNormEps());
        RopeJson.write(config, json);
        json.addProperty("tie_word_embeddings", config.tieWordEmbeddings());
        return json;
    }

    private static Family family(JsonFields fields) {
        String names = Arrays.stream(Family.values()).map(Family::toString).collect(Collectors.joining(", "));
        if (!fields.has(MODEL_TYPE)) {
            throw fields.refuse(MODEL_TYPE, "one of " + names);
        }
        Family family = Family.named(fields.string(MODEL_TYPE))
                .orElseThrow(() -> fields.refuse(MODEL_TYPE, "one of " + names));
        if (!family.architectures().containsAll(fields.strings("architectures"))) {
            throw fields.refuse("architectures",
                    "a causal language model, " + String.join(" or ", family.architectures()));
        }
        return family;
    }

    private static void requireUnused(JsonFields fields, String key, List<JsonPrimitive> values) {
        if (fields.find(key).filter(value -> !values.contains(value)).isPresent()) {
            String expected = values.isEmpty() ? "absent" : values.get(0).toString();
            throw fields.refuse(key, expected + ", since the feature that it names is not supported");
        }
    }

    /**
     * The longest sequence in which every token sees all before it: a sliding window has no effect on what fits into
     * it, and what does not fit is refused when it is run.
     */
    private static int longestSequence(JsonFields fields, Family family, int layers, int maxPositions) {
        if (!fields.strings(LAYER_TYPES).stream().allMatch("full_attention"::equals)) {
            throw fields.refuse(LAYER_TYPES, "full_attention throughout, since no other is supported");
        }
        if (family.windowOnRequest()) {
            if (isWindowRequested(fields, layers)) {
                throw fields.refuse(USE_SLIDING_WINDOW, "false, or " + MAX_WINDOW_LAYERS + " at least the " + layers
                        + " layers, since a sliding window is not supported");
            }
            return maxPositions;
        }
        requireUnused(fields, USE_SLIDING_WINDOW, off(USE_SLIDING_WINDOW).getValue());
        if (fields.has(SLIDING_WINDOW)) {
            return Math.min(maxPositions, fields.integer(SLIDING_WINDOW, 1, ConfigLimits.LONGEST_CONTEXT));
        }
        boolean silent = !fields.keys().contains(SLIDING_WINDOW);
        return silent ? Math.min(maxPositions, family.slidingWindow().orElse(maxPositions)) : maxPositions;
    }

    /** Where the layers' types are not listed, the first {@code max_window_layers} are those without a window. */
    private static boolean isWindowRequested(JsonFields fields, int layers) {
        boolean isNull = fields.keys().contains(SLIDING_WINDOW) && !fields.has(SLIDING_WINDOW);
        return fields.bool(USE_SLIDING_WINDOW, false)
                && !isNull
                && fields.strings(LAYER_TYPES).size() < layers
                && fields.integer(MAX_WINDOW_LAYERS, 0, Integer.MAX_VALUE, 28) < layers;
    }

    private static int keyValueHeads(JsonFields fields, Family family, int heads) {
        int silent = fields.keys().contains(KEY_VALUE_HEADS) ? heads : family.keyValueHeads().orElse(heads);
        int keyValueHeads = fields.integer(KEY_VALUE_HEADS, 1, heads, silent);
        if (heads % keyValueHeads != 0) {
            throw fields.refuse(KEY_VALUE_HEADS, "a divisor of the " + heads + " query heads");
        }
        return keyValueHeads;
    }

    private static int headDim(JsonFields fields, Family family, int hiddenSize, int heads) {
        boolean silent = !fields.keys().contains(HEAD_DIM);
        if (silent && family.headDim().isPresent()) {
            return family.headDim().getAsInt();
        }
        if (!fields.has(HEAD_DIM) && hiddenSize % heads != 0) {
            throw fields.refuse(HIDDEN_SIZE, "a multiple of the " + heads + " heads");
        }
        int headDim = fields.integer(HEAD_DIM, 1, ConfigLimits.WIDEST, hiddenSize / heads);
        if (headDim % 2 != 0) {
            throw Refusal.of(fields.file(), "the width of one head", "even, for rotary embedding",
                    String.valueOf(headDim));
        }
        return headDim;
    }

    private static Map.Entry<String, List<JsonPrimitive>> off(String key) {
        return entry(key, List.of(new JsonPrimitive(false)));
    }

    private static Map.Entry<String, List<JsonPrimitive>> one(String key) {
        return entry(key, List.of(new JsonPrimitive(1)));
    }

    private static Map.Entry<String, List<JsonPrimitive>> absent(String key) {
        return entry(key, List.of());
    }
}
