package superweight.checkpoint;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The files of a Hugging Face folder that belong to its weights, byte for byte as they are; but for the type of the
 * weights in {@code config.json}, where that is to be another: transformers rounds to it whatever it loads.
 *
 * @param folder where they lie
 * @param weights the type that the weights have, for a config that does not say
 */
record FolderCompanions(ModelFolder folder, FloatType weights) implements Companions {
    private static final List<String> NAMES = List.of(
            ConfigJson.FILE, "generation_config.json", "tokenizer.json", "tokenizer_config.json",
            "special_tokens_map.json", "added_tokens.json", "vocab.json", "merges.txt", "tokenizer.model",
            "chat_template.jinja", "chat_template.json", "LICENSE", "LICENSE.txt", "LICENSE.md", "NOTICE",
            "USE_POLICY.md");
    /** transformers' name from 4.56 on, and before. */
    private static final List<String> TYPE_FIELDS = List.of("dtype", "torch_dtype");
    /** The largest published tokenizers take about 35 MB. */
    private static final int LARGEST = 64 << 20;

    private static final Gson GSON =
            new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().serializeNulls().create();

    @Override
    public Map<String, byte[]> files(FloatType type) {
        Map<String, byte[]> files = new LinkedHashMap<>();
        for (String name : NAMES) {
            folder.find(name).ifPresent(file -> files.put(name, ModelFolder.bytes(file, LARGEST)));
        }
        folder.findFields(ConfigJson.FILE)
                .filter(config -> !said(config).equals(type.toString()))
                .ifPresent(config -> files.put(ConfigJson.FILE, saying(type, config.object())));
        return files;
    }

    private String said(JsonFields config) {
        return TYPE_FIELDS.stream().filter(config::has).map(config::string).findFirst().orElse(weights.toString());
    }

    private static byte[] saying(FloatType type, JsonObject config) {
        JsonObject changed = config.deepCopy();
        TYPE_FIELDS.forEach(changed::remove);
        changed.addProperty(TYPE_FIELDS.get(1), type.toString()); // which every version of transformers understands
        return (GSON.toJson(changed) + "\n").getBytes(StandardCharsets.UTF_8);
    }
}
