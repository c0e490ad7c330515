package superweight.checkpoint;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import superweight.InvalidInputException;

/** What {@code tokenizer.json} says about the tokens that surround a text: its {@code post_processor}. */
final class PostProcessor {
    private static final String KEY = "post_processor";

    private PostProcessor() {}

    /**
     * The token that begins every text, if one does.
     *
     * @param tokenizer an object whose {@code post_processor} is to be looked at
     * @throws InvalidInputException if tokens are added in any other way
     */
    static OptionalInt firstToken(JsonFields tokenizer) {
        if (!tokenizer.has(KEY)) {
            return OptionalInt.empty();
        }
        List<Integer> before = new ArrayList<>();
        collect(tokenizer.fields(KEY), before);
        if (before.size() > 1) {
            throw tokenizer.refuse(KEY, "one that adds at most one token before a text");
        }
        return before.isEmpty() ? OptionalInt.empty() : OptionalInt.of(before.get(0));
    }

    /**
     * A post-processor that begins every text with a token, as {@link #firstToken} reads it.
     *
     * @param token its text
     */
    static JsonObject beginning(String token, int id) {
        JsonObject special = piece("SpecialToken", token, 0);
        JsonObject first = piece("Sequence", "A", 0);
        JsonObject ids = new JsonObject();
        ids.addProperty("id", token);
        ids.add("ids", array(new JsonPrimitive(id)));
        ids.add("tokens", array(new JsonPrimitive(token)));
        JsonObject specialTokens = new JsonObject();
        specialTokens.add(token, ids);
        JsonObject template = new JsonObject();
        template.addProperty("type", "TemplateProcessing");
        template.add("single", array(special, first));
        template.add("pair", array(special, first, piece("SpecialToken", token, 1), piece("Sequence", "B", 1)));
        template.add("special_tokens", specialTokens);
        return template;
    }

    private static JsonObject piece(String kind, String id, int typeId) {
        JsonObject content = new JsonObject();
        content.addProperty("id", id);
        content.addProperty("type_id", typeId);
        JsonObject piece = new JsonObject();
        piece.add(kind, content);
        return piece;
    }

    private static JsonArray array(JsonElement... elements) {
        JsonArray array = new JsonArray();
        List.of(elements).forEach(array::add);
        return array;
    }

    private static void collect(JsonFields processor, List<Integer> before) {
        switch (processor.string("type")) {
            case "ByteLevel" -> { } // changes no tokens, only which letters they stand for
            case "Sequence" -> processor.objects("processors").forEach(part -> collect(part, before));
            case "TemplateProcessing" -> collectTemplate(processor, before);
            default -> throw processor.refuse("type", "ByteLevel, Sequence or TemplateProcessing");
        }
    }

    /** A template such as {@code <s> $A}: special tokens before the one place of the text. */
    private static void collectTemplate(JsonFields processor, List<Integer> before) {
        List<JsonFields> pieces = processor.objects("single");
        int text = pieces.size() - 1;
        // The tokenizers library ends the process where a template for one text names a second, $B.
        if (text < 0 || !isText(pieces.get(text))) {
            throw processor.refuse("single", "a template that ends with the text, $A");
        }
        for (JsonFields piece : pieces.subList(0, text)) {
            String name = piece.fields("SpecialToken").string("id");
            before.addAll(processor.fields("special_tokens").fields(name).integers("ids", 0, Integer.MAX_VALUE));
        }
    }

    private static boolean isText(JsonFields piece) {
        return piece.has("Sequence") && piece.fields("Sequence").string("id").equals("A");
    }
}
