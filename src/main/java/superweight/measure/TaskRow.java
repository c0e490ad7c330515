package superweight.measure;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonParseException;
import com.google.gson.Strictness;
import com.google.gson.TypeAdapter;
import com.google.gson.reflect.TypeToken;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import superweight.InvalidInputException;

/**
 * One row of a data set's file, a JSON object on a line of its own; what does not fit is refused with
 * line, field, what was expected and what was found.
 *
 * @param file where it stands
 * @param line from 1
 * @param fields its values by name
 */
record TaskRow(Path file, int line, Map<String, JsonElement> fields) {
    private static final TypeAdapter<Map<String, JsonElement>> OBJECT =
            new Gson().getAdapter(new TypeToken<Map<String, JsonElement>>() {});

    private static final int SHOWN = 60;

    /** All rows of a file in UTF-8; other fields than a task asks for are left alone. */
    static List<TaskRow> readAll(Path file) {
        List<String> lines = EvaluationText.utf8(file).lines().toList();
        return IntStream.range(0, lines.size())
                .mapToObj(i -> of(file, i + 1, lines.get(i)))
                .toList();
    }

    static TaskRow of(Path file, int line, String json) {
        return new TaskRow(file, line, object(json).orElseThrow(() -> refused(
                file, line, "one JSON object with every field once", json.isBlank() ? "a blank line" : json)));
    }

    private static Optional<Map<String, JsonElement>> object(String json) {
        try (JsonReader reader = new JsonReader(new StringReader(json))) {
            reader.setStrictness(Strictness.STRICT);
            Optional<Map<String, JsonElement>> object = Optional.ofNullable(OBJECT.read(reader));
            return reader.peek() == JsonToken.END_DOCUMENT ? object : Optional.empty();
        } catch (IOException | JsonParseException | IllegalStateException e) {
            return Optional.empty();
        }
    }

    /** A text that is not blank. */
    String text(String field) {
        String text = textOrEmpty(field);
        if (text.isBlank()) {
            throw refused(field, "a text", "\"" + text + "\"");
        }
        return text;
    }

    String textOrEmpty(String field) {
        JsonElement value = value(field);
        if (!isString(value)) {
            throw refused(field, "a text", value.toString());
        }
        return value.getAsString();
    }

    /** Two or more texts, some of which may be empty. */
    List<String> texts(String field) {
        JsonElement value = value(field);
        if (!value.isJsonArray()
                || value.getAsJsonArray().size() < 2
                || !value.getAsJsonArray().asList().stream().allMatch(TaskRow::isString)) {
            throw refused(field, "a list of two or more texts", value.toString());
        }
        return value.getAsJsonArray().asList().stream().map(JsonElement::getAsString).toList();
    }

    /** An index into a list of some size: a number, or its digits as a text, as the model hub's HellaSwag has it. */
    int index(String field, int size) {
        JsonElement value = value(field);
        boolean written = isString(value) || value.isJsonPrimitive() && value.getAsJsonPrimitive().isNumber();
        String digits = written ? value.getAsString() : "";
        if (!digits.matches("\\d{1,9}") || Integer.parseInt(digits) >= size) {
            throw refused(field, "a whole number from 0 to " + (size - 1), value.toString());
        }
        return Integer.parseInt(digits);
    }

    private JsonElement value(String field) {
        return Optional.ofNullable(fields.get(field))
                .orElseThrow(() -> refused(field, "a value", "no field of that name"));
    }

    private static boolean isString(JsonElement value) {
        return value.isJsonPrimitive() && value.getAsJsonPrimitive().isString();
    }

    private InvalidInputException refused(String field, String expected, String found) {
        return refused(file, line, expected + " in the field " + field, found);
    }

    private static InvalidInputException refused(Path file, int line, String expected, String found) {
        String shown = found.length() <= SHOWN ? found : found.substring(0, SHOWN) + "...";
        return new InvalidInputException(
                "The file " + file + ", line " + line + ": expected " + expected + ", found " + shown + ".");
    }
}
