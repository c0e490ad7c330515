package superweight.checkpoint;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import superweight.InvalidInputException;
import superweight.checkpoint.GgufValue.Form;
import superweight.checkpoint.GgufValue.Scalar;

/**
 * The key-value pairs of a GGUF file; every accessor checks the declared type before it hands a
 * value out, and throws {@link InvalidInputException} if the key is missing or of another type.
 */
final class GgufMetadata {
    private static final Set<Scalar> INTEGERS = Set.of(
            Scalar.UINT8, Scalar.INT8, Scalar.UINT16, Scalar.INT16,
            Scalar.UINT32, Scalar.INT32, Scalar.UINT64, Scalar.INT64);
    private static final Set<Scalar> FLOATS = Set.of(Scalar.FLOAT32, Scalar.FLOAT64);

    private final Path path;
    private final Map<String, GgufValue> pairs;

    GgufMetadata(Path path, Map<String, GgufValue> pairs) {
        this.path = path;
        this.pairs = Collections.unmodifiableMap(new LinkedHashMap<>(pairs));
    }

    Set<String> keys() {
        return pairs.keySet();
    }

    boolean has(String key) {
        return pairs.containsKey(key);
    }

    /** The value whatever its type; empty where the key is missing. */
    List<Object> contents(String key) {
        return has(key) ? pairs.get(key).contents() : List.of();
    }

    String string(String key) {
        return (String) value(key, Set.of(Scalar.STRING), Form.SINGLE, "a string").get(0);
    }

    boolean bool(String key) {
        return (Boolean) value(key, Set.of(Scalar.BOOL), Form.SINGLE, "a bool").get(0);
    }

    long unsignedInt(String key) {
        return (Long) value(key, Set.of(Scalar.UINT32), Form.SINGLE, "a uint32").get(0);
    }

    /** An integer of any width from {@code least} to {@code most}. */
    int integer(String key, int least, int most) {
        long value = (Long) value(key, INTEGERS, Form.SINGLE, "an integer").get(0);
        if (value < least || value > most) {
            throw refuse(key, "from " + least + " to " + most, String.valueOf(value));
        }
        return (int) value;
    }

    /** A floating-point number from {@code least} to {@code most}; never a NaN. */
    double number(String key, double least, double most) {
        double value = (Double) value(key, FLOATS, Form.SINGLE, "a float").get(0);
        if (!(value >= least && value <= most)) {
            throw refuse(key, "from " + least + " to " + most, String.valueOf(value));
        }
        return value;
    }

    List<String> strings(String key) {
        return value(key, Set.of(Scalar.STRING), Form.ARRAY, "an array of strings").stream()
                .map(String.class::cast)
                .toList();
    }

    List<Long> integers(String key) {
        return value(key, INTEGERS, Form.ARRAY, "an array of integers").stream()
                .map(Long.class::cast)
                .toList();
    }

    InvalidInputException refuse(String what, String expected, String found) {
        return Refusal.of(path, what, expected, found);
    }

    private List<Object> value(String key, Set<Scalar> scalars, Form form, String expected) {
        if (!has(key)) {
            throw refuse("metadata key " + key, expected, "missing");
        }
        GgufValue value = pairs.get(key);
        if (value.type().form() != form || !scalars.contains(value.type().scalar())) {
            throw refuse("metadata key " + key, expected, value.type().toString());
        }
        return value.contents();
    }
}
