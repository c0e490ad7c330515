package superweight.checkpoint;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import superweight.InvalidInputException;

/**
 * The fields of a JSON object in a config file; every accessor checks type and range before it hands a value out.
 * A field that is {@code null} counts as absent, as it does in transformers.
 *
 * @param file the file
 * @param prefix where in the file the object stands: {@code rope_scaling.}, empty for the document itself
 * @param object the object
 */
record JsonFields(Path file, String prefix, JsonObject object) {
    Set<String> keys() {
        return object.keySet();
    }

    boolean has(String key) {
        return object.has(key) && !object.get(key).isJsonNull();
    }

    /** The value whatever its type. */
    Optional<JsonElement> find(String key) {
        return Optional.ofNullable(object.get(key)).filter(value -> !value.isJsonNull());
    }

    int integer(String key, int least, int most) {
        String expected = "a whole number from " + least + " to " + most;
        Optional<BigDecimal> number = find(key)
                .filter(JsonFields::isNumber)
                .map(JsonElement::getAsBigDecimal)
                // Compared before it is made an int: 1e999999999 would take a gigabyte as an integer.
                .filter(value -> value.scale() <= 0)
                .filter(value -> value.compareTo(BigDecimal.valueOf(least)) >= 0)
                .filter(value -> value.compareTo(BigDecimal.valueOf(most)) <= 0);
        return number.orElseThrow(() -> refuse(key, expected)).intValueExact();
    }

    int integer(String key, int least, int most, int byDefault) {
        return has(key) ? integer(key, least, most) : byDefault;
    }

    double number(String key, double least, double most) {
        return find(key)
                .filter(JsonFields::isNumber)
                .map(JsonElement::getAsDouble)
                .filter(value -> value >= least && value <= most)
                .orElseThrow(() -> refuse(key, "a number from " + least + " to " + most));
    }

    double number(String key, double least, double most, double byDefault) {
        return has(key) ? number(key, least, most) : byDefault;
    }

    String string(String key) {
        return find(key)
                .filter(JsonFields::isString)
                .map(JsonElement::getAsString)
                .orElseThrow(() -> refuse(key, "a string"));
    }

    boolean bool(String key, boolean byDefault) {
        JsonElement value = find(key).orElse(new JsonPrimitive(byDefault));
        if (!value.isJsonPrimitive() || !value.getAsJsonPrimitive().isBoolean()) {
            throw refuse(key, "true or false");
        }
        return value.getAsBoolean();
    }

    JsonFields fields(String key) {
        JsonElement value = find(key).filter(JsonElement::isJsonObject).orElseThrow(() -> refuse(key, "an object"));
        return new JsonFields(file, prefix + key + ".", value.getAsJsonObject());
    }

    /** The objects in an array. */
    List<JsonFields> objects(String key) {
        return elements(key, "an array of objects", JsonElement::isJsonObject).stream()
                .map(element -> new JsonFields(file, prefix + key + ".", element.getAsJsonObject()))
                .toList();
    }

    /** The strings in an array; none where it is absent. */
    List<String> strings(String key) {
        return has(key)
                ? elements(key, "an array of strings", JsonFields::isString).stream()
                        .map(JsonElement::getAsString)
                        .toList()
                : List.of();
    }

    /** The whole numbers in an array; a number by itself counts as an array of one. */
    List<Integer> integers(String key, int least, int most) {
        if (find(key).filter(JsonElement::isJsonArray).isEmpty()) {
            return List.of(integer(key, least, most));
        }
        List<Integer> integers = new ArrayList<>();
        for (JsonElement element : elements(key, "an array of whole numbers", JsonFields::isNumber)) {
            JsonObject single = new JsonObject();
            single.add(key, element);
            integers.add(new JsonFields(file, prefix, single).integer(key, least, most));
        }
        return integers;
    }

    private List<JsonElement> elements(String key, String expected, Predicate<JsonElement> fits) {
        List<JsonElement> elements = find(key)
                .filter(JsonElement::isJsonArray)
                .orElseThrow(() -> refuse(key, expected))
                .getAsJsonArray()
                .asList();
        if (!elements.stream().allMatch(fits)) {
            throw refuse(key, expected);
        }
        return elements;
    }

    private static boolean isString(JsonElement value) {
        return value.isJsonPrimitive() && value.getAsJsonPrimitive().isString();
    }

    private static boolean isNumber(JsonElement value) {
        return value.isJsonPrimitive() && value.getAsJsonPrimitive().isNumber();
    }

    InvalidInputException refuse(String key, String expected) {
        return Refusal.of(file, prefix + key, expected, find(key).map(JsonElement::toString).orElse("missing"));
    }
}
