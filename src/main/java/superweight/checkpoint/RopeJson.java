package superweight.checkpoint;

import com.google.gson.JsonObject;
import java.util.Optional;
import java.util.Set;
import superweight.InvalidInputException;

/**
 * The rotary position embedding in {@code config.json}, in either of transformers' styles: {@code rope_theta} beside
 * {@code rope_scaling}, or both in {@code rope_parameters}.
 *
 * @param theta base of the wavelengths
 * @param scaling what becomes of the frequencies
 */
record RopeJson(double theta, RopeScaling scaling) {
    private static final String SCALING = "rope_scaling";
    private static final String PARAMETERS = "rope_parameters";
    private static final String THETA = "rope_theta";
    private static final String TYPE = "rope_type";
    private static final String OLD_TYPE = "type";
    private static final String FACTOR = "factor";
    private static final String LOW = "low_freq_factor";
    private static final String HIGH = "high_freq_factor";
    private static final String ORIGINAL = "original_max_position_embeddings";
    private static final String PARTIAL = "partial_rotary_factor";

    private static final Set<String> UNDERSTOOD = Set.of(THETA, TYPE, OLD_TYPE, FACTOR, LOW, HIGH, ORIGINAL, PARTIAL);

    private static final double DEFAULT_THETA = 10_000;
    private static final double LARGEST_FACTOR = 1e6;

    /**
     * Reads it.
     *
     * @throws InvalidInputException if it is of a type that is not implemented, or incomplete
     */
    static RopeJson read(JsonFields config, int maxPositions) {
        double theta = theta(config, DEFAULT_THETA);
        if (config.has(SCALING) && config.has(PARAMETERS)
                && !config.find(SCALING).equals(config.find(PARAMETERS))) {
            throw config.refuse(SCALING, "absent, or the same as the " + PARAMETERS + " beside it");
        }
        Optional<JsonFields> found = config.has(SCALING) ? Optional.of(config.fields(SCALING))
                : config.has(PARAMETERS) ? Optional.of(config.fields(PARAMETERS)) : Optional.empty();
        return found.map(rope -> new RopeJson(theta(rope, theta), scaling(rope, config, maxPositions)))
                .orElse(new RopeJson(theta, RopeScaling.NONE));
    }

    /** Adds a model's to its config, in the older style, which newer versions of transformers read as well. */
    static void write(ModelConfig config, JsonObject json) {
        json.addProperty(THETA, config.ropeTheta());
        JsonObject scaling = new JsonObject();
        if (config.ropeScaling() instanceof RopeScaling.Linear linear) {
            scaling.addProperty(TYPE, "linear");
            scaling.addProperty(FACTOR, linear.factor());
            json.add(SCALING, scaling);
        } else if (config.ropeScaling() instanceof RopeScaling.Llama3 llama3) {
            scaling.addProperty(TYPE, "llama3");
            scaling.addProperty(FACTOR, llama3.factor());
            scaling.addProperty(LOW, llama3.lowFreqFactor());
            scaling.addProperty(HIGH, llama3.highFreqFactor());
            scaling.addProperty(ORIGINAL, llama3.originalMaxPositionEmbeddings());
            json.add(SCALING, scaling);
        }
    }

    private static double theta(JsonFields fields, double byDefault) {
        return fields.number(THETA, ConfigLimits.LEAST_THETA, ConfigLimits.LARGEST_THETA, byDefault);
    }

    private static RopeScaling scaling(JsonFields rope, JsonFields config, int maxPositions) {
        for (String key : rope.keys()) {
            if (rope.has(key) && !UNDERSTOOD.contains(key)) {
                throw rope.refuse(key, "absent, since what it stands for is not supported");
            }
        }
        if (rope.has(PARTIAL) && rope.number(PARTIAL, 0, 1) != 1) {
            throw rope.refuse(PARTIAL, "1, since partial rotary embedding is not supported");
        }
        return switch (type(rope)) {
            case "default" -> RopeScaling.NONE;
            case "linear" -> new RopeScaling.Linear(rope.number(FACTOR, 1, LARGEST_FACTOR));
            case "llama3" -> llama3(rope, config, maxPositions);
            default -> throw rope.refuse(rope.has(TYPE) ? TYPE : OLD_TYPE,
                    "default, linear or llama3, since no other is supported");
        };
    }

    private static String type(JsonFields rope) {
        if (rope.has(TYPE) && rope.has(OLD_TYPE) && !rope.string(TYPE).equals(rope.string(OLD_TYPE))) {
            throw rope.refuse(OLD_TYPE, "the same as the " + TYPE + " beside it, " + rope.string(TYPE));
        }
        return rope.has(TYPE) ? rope.string(TYPE) : rope.has(OLD_TYPE) ? rope.string(OLD_TYPE) : "default";
    }

    private static RopeScaling llama3(JsonFields rope, JsonFields config, int maxPositions) {
        double low = rope.number(LOW, Double.MIN_VALUE, LARGEST_FACTOR);
        double high = rope.number(HIGH, Double.MIN_VALUE, LARGEST_FACTOR);
        if (high <= low) {
            throw rope.refuse(HIGH, "larger than " + LOW + ", which is " + low);
        }
        // transformers gives the field of the config precedence over that of the rope parameters.
        JsonFields holder = config.has(ORIGINAL) ? config : rope;
        return new RopeScaling.Llama3(rope.number(FACTOR, 1, LARGEST_FACTOR), low, high,
                holder.integer(ORIGINAL, 1, ConfigLimits.LONGEST_CONTEXT, maxPositions));
    }
}
