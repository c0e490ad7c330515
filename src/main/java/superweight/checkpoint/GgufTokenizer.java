package superweight.checkpoint;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import superweight.InvalidInputException;

/** A byte-level BPE tokenizer from GGUF metadata, written in the format of {@code tokenizer.json}. */
final class GgufTokenizer {
    private static final String MODEL = "tokenizer.ggml.model";
    private static final String PRE = "tokenizer.ggml.pre";
    private static final String TOKENS = "tokenizer.ggml.tokens";
    private static final String TOKEN_TYPES = "tokenizer.ggml.token_type";
    private static final String MERGES = "tokenizer.ggml.merges";
    private static final String BOS = "tokenizer.ggml.bos_token_id";
    private static final String EOS = "tokenizer.ggml.eos_token_id";
    private static final String ADD_BOS = "tokenizer.ggml.add_bos_token";

    private static final Map<String, String> SPECIAL = new TreeMap<>(Map.of(
            "bos", BOS, "eos", EOS, "pad", "tokenizer.ggml.padding_token_id", "unk", "tokenizer.ggml.unknown_token_id"));

    private static final String BYTE_LEVEL_BPE = "gpt2";
    /** The format's token types run from 1 (normal) to 6 (byte); these two are matched before the text is split. */
    private static final long CONTROL = 3;
    private static final long USER_DEFINED = 4;
    private static final long LAST_TYPE = 6;

    private static final Gson GSON = new GsonBuilder().serializeNulls().disableHtmlEscaping().create();

    private GgufTokenizer() {}

    /**
     * Reads the tokenizer.
     *
     * @throws InvalidInputException if it is of another kind, or its tables do not fit one another
     */
    static TokenizerSource read(GgufMetadata metadata) {
        String model = metadata.string(MODEL);
        if (!model.equals(BYTE_LEVEL_BPE)) {
            throw metadata.refuse(MODEL, BYTE_LEVEL_BPE + " (byte-level BPE)", model);
        }
        String pre = metadata.string(PRE);
        PreTokenizer preTokenizer = PreTokenizer.named(pre)
                .orElseThrow(() -> metadata.refuse(PRE, "one of " + PreTokenizer.allNames(), pre));
        Map<String, Integer> vocabulary = vocabulary(metadata);
        return new TokenizerSource(
                json(metadata, vocabulary, preTokenizer),
                tokenId(metadata, BOS, vocabulary.size()),
                tokenId(metadata, EOS, vocabulary.size()),
                addBos(metadata, preTokenizer));
    }

    /** How many tokens there are. */
    static int vocabularySize(GgufMetadata metadata) {
        return tokens(metadata).size();
    }

    /** The text of every token, in order of ids. */
    static List<String> tokens(GgufMetadata metadata) {
        return metadata.strings(TOKENS);
    }

    /** The ids of the tokens that have a role, by Hugging Face's names for the roles: {@code bos}, {@code eos}. */
    static Map<String, Integer> specialTokens(GgufMetadata metadata) {
        Map<String, Integer> ids = new LinkedHashMap<>();
        SPECIAL.forEach((name, key) ->
                tokenId(metadata, key, vocabularySize(metadata)).ifPresent(id -> ids.put(name, id)));
        return ids;
    }

    /** Every token's id by its text, in order of ids. */
    private static Map<String, Integer> vocabulary(GgufMetadata metadata) {
        Map<String, Integer> ids = new LinkedHashMap<>();
        for (String token : tokens(metadata)) {
            Integer earlier = ids.putIfAbsent(token, ids.size());
            if (earlier != null) {
                throw metadata.refuse(TOKENS, "free of duplicates",
                        "such that tokens " + earlier + " and " + ids.size() + " have the same text");
            }
        }
        return Collections.unmodifiableMap(ids);
    }

    private static String json(
            GgufMetadata metadata, Map<String, Integer> vocabulary, PreTokenizer preTokenizer) {
        StringWriter text = new StringWriter();
        try (JsonWriter json = new JsonWriter(text)) {
            json.beginObject();
            json.name("version").value("1.0");
            json.name("truncation").nullValue();
            json.name("padding").nullValue();
            write(json, "added_tokens", addedTokens(metadata, vocabulary));
            write(json, "normalizer", preTokenizer.normalizer());
            write(json, "pre_tokenizer", preTokenizer.preTokenizer());
            write(json, "post_processor", postProcessor(metadata, preTokenizer));
            write(json, "decoder", PreTokenizer.decoder());
            json.name("model");
            writeModel(json, metadata, vocabulary, preTokenizer);
            json.endObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e); // cannot be: it is all in memory
        }
        return text.toString();
    }

    private static void write(JsonWriter json, String name, JsonElement value) throws IOException {
        json.name(name);
        GSON.toJson(value, json);
    }

    private static JsonArray addedTokens(GgufMetadata metadata, Map<String, Integer> vocabulary) {
        List<Long> types = metadata.integers(TOKEN_TYPES);
        if (types.size() != vocabulary.size()) {
            throw metadata.refuse("the number of elements of " + TOKEN_TYPES, vocabulary.size() + ", one per token",
                    String.valueOf(types.size()));
        }
        JsonArray added = new JsonArray();
        vocabulary.forEach((token, id) -> {
            long type = types.get(id);
            if (type < 1 || type > LAST_TYPE) {
                throw metadata.refuse("the type of token " + id, "from 1 to " + LAST_TYPE, String.valueOf(type));
            }
            if (type == CONTROL || type == USER_DEFINED) {
                added.add(addedToken(id, token, type == CONTROL));
            }
        });
        return added;
    }

    private static JsonObject addedToken(int id, String content, boolean special) {
        JsonObject token = new JsonObject();
        token.addProperty("id", id);
        token.addProperty("content", content);
        token.addProperty("single_word", false);
        token.addProperty("lstrip", false);
        token.addProperty("rstrip", false);
        token.addProperty("normalized", false);
        token.addProperty("special", special);
        return token;
    }

    /** Written as it is made, for a vocabulary and its merges are a hundred thousand strings. */
    private static void writeModel(
            JsonWriter json, GgufMetadata metadata, Map<String, Integer> vocabulary, PreTokenizer preTokenizer)
            throws IOException {
        json.beginObject();
        json.name("type").value("BPE");
        json.name("dropout").nullValue();
        json.name("unk_token").nullValue();
        json.name("continuing_subword_prefix").nullValue();
        json.name("end_of_word_suffix").nullValue();
        json.name("fuse_unk").value(false);
        json.name("byte_fallback").value(false);
        json.name("ignore_merges").value(preTokenizer.ignoresMerges());
        json.name("vocab").beginObject();
        for (Map.Entry<String, Integer> token : vocabulary.entrySet()) {
            json.name(token.getKey()).value(token.getValue());
        }
        json.endObject();
        json.name("merges").beginArray();
        int index = 0;
        for (String merge : metadata.strings(MERGES)) {
            requireMerge(metadata, index++, merge, vocabulary);
            json.value(merge);
        }
        json.endArray();
        json.endObject();
    }

    private static void requireMerge(
            GgufMetadata metadata, int index, String merge, Map<String, Integer> vocabulary) {
        int space = merge.indexOf(' ');
        if (space < 0 || space != merge.lastIndexOf(' ')) {
            throw metadata.refuse("merge " + index, "two tokens with one space between them", "\"" + merge + "\"");
        }
        String left = merge.substring(0, space);
        String right = merge.substring(space + 1);
        for (String token : List.of(left, right, left + right)) {
            if (!vocabulary.containsKey(token)) {
                throw metadata.refuse("merge " + index, "of tokens in the vocabulary",
                        "of or to \"" + token + "\", which is not there");
            }
        }
    }

    private static OptionalInt tokenId(GgufMetadata metadata, String key, int vocabSize) {
        return metadata.has(key)
                ? OptionalInt.of(metadata.integer(key, 0, vocabSize - 1))
                : OptionalInt.empty();
    }

    private static JsonElement postProcessor(GgufMetadata metadata, PreTokenizer preTokenizer) {
        if (!addBos(metadata, preTokenizer)) {
            return JsonNull.INSTANCE;
        }
        int bos = metadata.integer(BOS, 0, vocabularySize(metadata) - 1);
        return PostProcessor.beginning(tokens(metadata).get(bos), bos);
    }

    private static boolean addBos(GgufMetadata metadata, PreTokenizer preTokenizer) {
        boolean addBos = metadata.has(ADD_BOS) ? metadata.bool(ADD_BOS) : preTokenizer.addsBos();
        if (addBos && !metadata.has(BOS)) {
            throw metadata.refuse(BOS, "a token id, since every prompt is to begin with it", "missing");
        }
        return addBos;
    }
}
