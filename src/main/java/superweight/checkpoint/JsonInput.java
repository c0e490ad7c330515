package superweight.checkpoint;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.IOException;
import java.io.StringReader;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import superweight.InvalidInputException;

/**
 * A JSON document from an untrusted file, read from front to back and more strictly than usual: UTF-8 without byte
 * order mark, every key of an object once, nothing after the document.
 */
final class JsonInput {
    private static final Pattern PLACE = Pattern.compile("at line \\d+ column \\d+");
    private static final Pattern WHOLE_NUMBER = Pattern.compile("0|[1-9][0-9]{0,18}");
    private static final int LONGEST_KEY = 1 << 16;
    private static final int DEEPEST = 64;
    /** Values that may be in memory at once; real configs have thousands. */
    private static final int MOST_VALUES = 1 << 20;

    private final Path path;
    private final JsonReader reader;
    private int valuesLeft = MOST_VALUES;

    private JsonInput(Path path, String text) {
        this.path = path;
        this.reader = new JsonReader(new StringReader(text));
        reader.setStrictness(Strictness.STRICT);
    }

    /** Makes something of a document. */
    interface Document<T> {
        T read(JsonInput input) throws IOException;
    }

    /** Reads the value that belongs to a key. */
    interface Member {
        void read(String key) throws IOException;
    }

    /** Reads the next element of an array. */
    interface Element {
        void read() throws IOException;
    }

    /**
     * Reads a whole document.
     *
     * @param what what the document is, for messages: {@code the header}
     * @throws InvalidInputException if it is no JSON, or {@code document} refuses what it says
     */
    static <T> T read(Path path, String what, byte[] bytes, Document<T> document) {
        String text = text(path, what, bytes);
        JsonInput input = new JsonInput(path, text);
        try {
            T result = document.read(input);
            input.reader.peek(); // fails where anything follows the document
            return result;
        } catch (IOException e) {
            Matcher place = PLACE.matcher(String.valueOf(e.getMessage()));
            throw Refusal.of(path, what, "JSON as RFC 8259 defines it",
                    "malformed " + (place.find() ? place.group() : "at its end"));
        }
    }

    private static String text(Path path, String what, byte[] bytes) {
        try {
            String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
            if (text.startsWith("\ufeff")) { // the reader would skip it
                throw Refusal.of(path, what, "JSON as RFC 8259 defines it", "begun by a byte order mark");
            }
            return text;
        } catch (CharacterCodingException e) {
            throw Refusal.of(path, what, "UTF-8", "a sequence of bytes that is not");
        }
    }

    void object(String what, Member member) throws IOException {
        require(JsonToken.BEGIN_OBJECT, what, "an object");
        reader.beginObject();
        Set<String> seen = new HashSet<>();
        while (reader.hasNext()) {
            String key = reader.nextName();
            if (key.length() > LONGEST_KEY) {
                throw refuse("a key of " + what, "at most " + LONGEST_KEY + " characters long", "longer");
            }
            if (!seen.add(key)) {
                throw refuse("key \"" + key + "\" of " + what, "there once", "there twice");
            }
            member.read(key);
        }
        reader.endObject();
    }

    void array(String what, int most, Element element) throws IOException {
        require(JsonToken.BEGIN_ARRAY, what, "an array");
        reader.beginArray();
        for (int i = 0; reader.hasNext(); i++) {
            if (i == most) {
                throw refuse("the number of elements of " + what, "at most " + most, "larger");
            }
            element.read();
        }
        reader.endArray();
    }

    String string(String what) throws IOException {
        require(JsonToken.STRING, what, "a string");
        return reader.nextString();
    }

    /** A number from 0 on, without sign, fraction or exponent, that fits into 63 bits. */
    long wholeNumber(String what) throws IOException {
        require(JsonToken.NUMBER, what, "a whole number from 0 on");
        String digits = reader.nextString();
        try {
            if (WHOLE_NUMBER.matcher(digits).matches()) {
                return Long.parseLong(digits);
            }
        } catch (NumberFormatException e) {
            // Between 2^63 and 10^19.
        }
        throw refuse(what, "a whole number from 0 to 2^63 - 1", digits);
    }

    /** Any value, as a tree. */
    JsonElement tree(String what) throws IOException {
        return tree(what, 0);
    }

    /** An object, as a tree. */
    JsonObject objectTree(String what) throws IOException {
        require(JsonToken.BEGIN_OBJECT, what, "an object");
        return tree(what).getAsJsonObject();
    }

    private JsonElement tree(String what, int depth) throws IOException {
        requireShallow(what, depth);
        if (valuesLeft-- == 0) {
            throw refuse("the number of values in " + what, "at most " + MOST_VALUES, "larger");
        }
        switch (reader.peek()) {
            case BEGIN_OBJECT:
                JsonObject object = new JsonObject();
                object(what, key -> object.add(key, tree(what, depth + 1)));
                return object;
            case BEGIN_ARRAY:
                JsonArray array = new JsonArray();
                array(what, Integer.MAX_VALUE, () -> array.add(tree(what, depth + 1)));
                return array;
            case STRING:
                return new JsonPrimitive(reader.nextString());
            case NUMBER:
                return new JsonPrimitive(decimal(what, reader.nextString()));
            case BOOLEAN:
                return new JsonPrimitive(reader.nextBoolean());
            default:
                reader.nextNull();
                return JsonNull.INSTANCE;
        }
    }

    private BigDecimal decimal(String what, String digits) {
        try {
            return new BigDecimal(digits);
        } catch (NumberFormatException e) { // an exponent of more than ten digits
            throw refuse("a number of " + what, "of usual size", digits);
        }
    }

    /** Passes over a value of any kind and size. */
    void skip(String what) throws IOException {
        int depth = 0;
        do {
            switch (reader.peek()) {
                case BEGIN_OBJECT, BEGIN_ARRAY -> requireShallow(what, ++depth);
                case END_OBJECT, END_ARRAY -> depth--;
                default -> { }
            }
            step();
        } while (depth > 0);
    }

    private void step() throws IOException {
        switch (reader.peek()) {
            case BEGIN_OBJECT -> reader.beginObject();
            case BEGIN_ARRAY -> reader.beginArray();
            case END_OBJECT -> reader.endObject();
            case END_ARRAY -> reader.endArray();
            case NAME -> reader.nextName();
            case STRING -> reader.nextString(); // skipping would let control characters pass, which JSON forbids
            default -> reader.skipValue();
        }
    }

    private void requireShallow(String what, int depth) {
        if (depth > DEEPEST) {
            throw refuse(what, "nested at most " + DEEPEST + " levels deep", "nested more deeply");
        }
    }

    InvalidInputException refuse(String what, String expected, String found) {
        return Refusal.of(path, what, expected, found);
    }

    private void require(JsonToken expected, String what, String name) throws IOException {
        JsonToken found = reader.peek();
        if (found != expected) {
            String other = found.name().replace("BEGIN_", "").toLowerCase(Locale.ROOT);
            throw refuse(what, name, "of JSON type " + other);
        }
    }
}
