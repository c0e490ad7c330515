package superweight.checkpoint;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import superweight.InvalidInputException;

/**
 * The tokenizer of a Hugging Face folder.
 *
 * <p>Like transformers, a text begins with the token that {@code tokenizer.json} puts there, whatever
 * {@code tokenizer_config.json} says about it. Chat templates are never looked at.
 */
final class TokenizerJson {
    static final String FILE = "tokenizer.json";
    static final String CONFIG_FILE = "tokenizer_config.json";
    static final String GENERATION_FILE = "generation_config.json";
    /** The largest published ones take about 35 MB. */
    private static final int LARGEST = 64 << 20;
    private static final int MOST_TOKENS = 1 << 20;

    private final Path file;
    private final Map<String, Integer> ids = new HashMap<>();
    /** The one section that is kept whole. */
    private final JsonObject postProcessor = new JsonObject();

    private TokenizerJson(Path file) {
        this.file = file;
    }

    /**
     * Reads the tokenizer.
     *
     * @param config the model's {@code config.json}
     * @param vocabSize rows of the embedding
     * @param warnings receives a sentence where the folder's files disagree
     * @throws InvalidInputException if it is missing, malformed, of another kind, or does not fit the model
     */
    static TokenizerSource read(ModelFolder folder, JsonFields config, int vocabSize, List<String> warnings) {
        Path file = folder.find(FILE).orElseThrow(() -> new InvalidInputException(folder.path() + " has no "
                + FILE + ": AutoTokenizer.from_pretrained(...).save_pretrained(...) of Hugging Face transformers writes"
                + " one."));
        byte[] bytes = ModelFolder.bytes(file, LARGEST);
        TokenizerJson tokenizer =
                JsonInput.read(file, "the file", bytes, input -> new TokenizerJson(file).read(input));
        tokenizer.requireRows(vocabSize);
        Optional<JsonFields> names = folder.findFields(CONFIG_FILE);
        Optional<JsonFields> generation = folder.findFields(GENERATION_FILE);
        OptionalInt first = PostProcessor.firstToken(new JsonFields(file, "", tokenizer.postProcessor));
        if (names.isPresent() && names.get().has("add_bos_token")
                && names.get().bool("add_bos_token", false) != first.isPresent()) {
            warnings.add(names.get().file() + " and " + FILE + " disagree about whether a text begins with a token of"
                    + " its own; " + FILE + " counts, as it does in Hugging Face transformers.");
        }
        return new TokenizerSource(
                new String(bytes, StandardCharsets.UTF_8),
                first.isPresent() ? first : tokenizer.special("bos", names, generation, config, vocabSize),
                tokenizer.special("eos", names, generation, config, vocabSize),
                first.isPresent());
    }

    private TokenizerJson read(JsonInput input) throws IOException {
        input.object("the file", section -> {
            switch (section) {
                case "added_tokens" -> input.array(section, MOST_TOKENS, () -> readAddedToken(input));
                case "model" -> readModel(input);
                case "post_processor" -> postProcessor.add(section, input.tree(section));
                default -> input.skip(section);
            }
        });
        return this;
    }

    private void readAddedToken(JsonInput input) throws IOException {
        JsonObject token = input.objectTree("an added token");
        JsonFields fields = new JsonFields(file, "added_tokens.", token);
        ids.put(fields.string("content"), fields.integer("id", 0, Integer.MAX_VALUE));
    }

    private void readModel(JsonInput input) throws IOException {
        input.object("model", part -> {
            switch (part) {
                case "type" -> {
                    String type = input.string("the type of model");
                    if (!type.equals("BPE")) {
                        throw input.refuse("the type of model", "BPE", type);
                    }
                }
                case "vocab" -> input.object("vocab", token -> {
                    if (ids.size() == MOST_TOKENS) {
                        throw input.refuse("the number of tokens", "at most " + MOST_TOKENS, "larger");
                    }
                    long id = input.wholeNumber("the id of a token");
                    ids.putIfAbsent(token, (int) Math.min(id, Integer.MAX_VALUE));
                });
                default -> input.skip(part);
            }
        });
    }

    private void requireRows(int vocabSize) {
        int largest = ids.values().stream().mapToInt(Integer::intValue).max().orElse(-1);
        if (largest < 0) {
            throw Refusal.of(file, "the vocabulary", "at least one token", "empty");
        }
        if (largest >= vocabSize) {
            throw Refusal.of(file, "the largest token id", "less than " + vocabSize + ", the vocab_size of the model",
                    String.valueOf(largest));
        }
    }

    /** A token by the tokenizer's name for it, else by the id that generation or model config give. */
    private OptionalInt special(
            String which,
            Optional<JsonFields> names,
            Optional<JsonFields> generation,
            JsonFields config,
            int vocabSize) {
        String name = which + "_token";
        if (names.isPresent() && names.get().has(name)) {
            JsonFields named = names.get();
            boolean detailed = named.find(name).filter(JsonElement::isJsonObject).isPresent();
            String content = detailed ? named.fields(name).string("content") : named.string(name);
            if (!ids.containsKey(content)) {
                throw named.refuse(name, "a token of " + FILE);
            }
            return OptionalInt.of(ids.get(content));
        }
        String id = which + "_token_id";
        JsonFields holder = generation.filter(fields -> fields.has(id)).orElse(config);
        // Several tokens may end a text; the first is the one that a text is meant to end with.
        return holder.has(id)
                ? holder.integers(id, 0, vocabSize - 1).stream().mapToInt(Integer::intValue).findFirst()
                : OptionalInt.empty();
    }
}
