package superweight.checkpoint;

import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * How a text is split before byte-level BPE: what {@code tokenizer.ggml.pre} names, as the parts
 * of the {@code tokenizer.json} that the model's authors published, since GGUF keeps only the name.
 */
enum PreTokenizer {
    GPT2(List.of("gpt-2", "default"), Json.NONE, Json.BYTE_LEVEL, false, false),

    SMOLLM(List.of("smollm"), Json.NONE,
            Json.sequence("{\"type\":\"Digits\",\"individual_digits\":true}", Json.BYTE_LEVEL), false, false),

    /** Llama 3: digits in groups of up to three; a word in the vocabulary is one token whatever the merges. */
    LLAMA_3(List.of("llama-bpe"), Json.NONE,
            Json.sequence(Json.split("\\\\p{N}{1,3}"), Json.BYTE_LEVEL_UNSPLIT), true, true),

    QWEN_2(List.of("qwen2"), "{\"type\":\"NFC\"}",
            Json.sequence(Json.split("\\\\p{N}"), Json.BYTE_LEVEL_UNSPLIT), false, false);

    private final List<String> names;
    private final String normalizer;
    private final String preTokenizer;
    private final boolean ignoresMerges;
    private final boolean addsBos;

    PreTokenizer(List<String> names, String normalizer, String preTokenizer, boolean ignoresMerges, boolean addsBos) {
        this.names = names;
        this.normalizer = normalizer;
        this.preTokenizer = preTokenizer;
        this.ignoresMerges = ignoresMerges;
        this.addsBos = addsBos;
    }

    static Optional<PreTokenizer> named(String name) {
        return Arrays.stream(values()).filter(row -> row.names.contains(name)).findFirst();
    }

    /** All names, for messages. */
    static String allNames() {
        return Arrays.stream(values()).flatMap(row -> row.names.stream()).collect(Collectors.joining(", "));
    }

    JsonElement normalizer() {
        return JsonParser.parseString(normalizer);
    }

    JsonElement preTokenizer() {
        return JsonParser.parseString(preTokenizer);
    }

    /** Turns byte-level text back into the bytes it stands for; the same for all. */
    static JsonElement decoder() {
        return JsonParser.parseString(Json.BYTE_LEVEL);
    }

    /** Whether a word that is itself a token is taken whole before any merge. */
    boolean ignoresMerges() {
        return ignoresMerges;
    }

    /** Whether a prompt begins with the beginning token where the file does not say. */
    boolean addsBos() {
        return addsBos;
    }

    /** Pieces of {@code tokenizer.json}; apart, since an enum's constants cannot use its own fields. */
    private static final class Json {
        static final String NONE = "null";
        /** Splits by GPT-2's expression, then writes every byte as a printable letter. */
        static final String BYTE_LEVEL =
                "{\"type\":\"ByteLevel\",\"add_prefix_space\":false,\"trim_offsets\":true,\"use_regex\":true}";
        static final String BYTE_LEVEL_UNSPLIT =
                "{\"type\":\"ByteLevel\",\"add_prefix_space\":false,\"trim_offsets\":true,\"use_regex\":false}";

        static String sequence(String first, String second) {
            return "{\"type\":\"Sequence\",\"pretokenizers\":[" + first + "," + second + "]}";
        }

        /** The expression that Llama 3 and Qwen 2 share but for their {@code digits}. */
        static String split(String digits) {
            String expression = "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\\\r\\\\n\\\\p{L}\\\\p{N}]?\\\\p{L}+|" + digits
                    + "| ?[^\\\\s\\\\p{L}\\\\p{N}]+[\\\\r\\\\n]*|\\\\s*[\\\\r\\\\n]+|\\\\s+(?!\\\\S)|\\\\s+";
            return "{\"type\":\"Split\",\"pattern\":{\"Regex\":\"" + expression
                    + "\"},\"behavior\":\"Isolated\",\"invert\":false}";
        }
    }
}
