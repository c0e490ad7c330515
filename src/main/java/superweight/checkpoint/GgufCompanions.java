package superweight.checkpoint;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a GGUF file says of its model beside the weights, as the files of a Hugging Face folder.
 *
 * @param config the model's
 * @param tokenizer its text stands in the metadata, too, but not in Hugging Face's format
 */
record GgufCompanions(ModelConfig config, GgufMetadata metadata, TokenizerSource tokenizer) implements Companions {
    private static final String CHAT_TEMPLATE = "tokenizer.chat_template";

    private static final Gson GSON = new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

    @Override
    public Map<String, byte[]> files(FloatType type) {
        Map<String, Integer> special = GgufTokenizer.specialTokens(metadata);
        JsonObject ids = new JsonObject();
        special.forEach((name, id) -> ids.addProperty(name + "_token_id", id));
        JsonObject model = ConfigJson.write(config, type);
        ids.entrySet().forEach(entry -> model.add(entry.getKey(), entry.getValue()));
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put(ConfigJson.FILE, bytes(model));
        files.put(TokenizerJson.GENERATION_FILE, bytes(ids));
        files.put(TokenizerJson.FILE, tokenizer.json().getBytes(StandardCharsets.UTF_8));
        files.put(TokenizerJson.CONFIG_FILE, bytes(tokenizerConfig(special)));
        return files;
    }

    private JsonObject tokenizerConfig(Map<String, Integer> special) {
        List<String> tokens = GgufTokenizer.tokens(metadata);
        JsonObject json = new JsonObject();
        json.addProperty("tokenizer_class", "PreTrainedTokenizerFast"); // which takes tokenizer.json as it is
        special.forEach((name, id) -> json.addProperty(name + "_token", tokens.get(id)));
        json.addProperty("clean_up_tokenization_spaces", false);
        json.addProperty("model_max_length", config.maxPositionEmbeddings());
        if (metadata.has(CHAT_TEMPLATE)) {
            json.addProperty("chat_template", metadata.string(CHAT_TEMPLATE));
        }
        return json;
    }

    private static byte[] bytes(JsonObject json) {
        return (GSON.toJson(json) + "\n").getBytes(StandardCharsets.UTF_8);
    }
}
