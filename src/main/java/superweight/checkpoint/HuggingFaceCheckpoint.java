package superweight.checkpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import superweight.InvalidInputException;

/** Opens a model of the Llama family in a folder as Hugging Face transformers saves it. */
final class HuggingFaceCheckpoint {
    /** A table that early files store with every layer; it follows from the config, and transformers skips it too. */
    private static final String ROTARY_TABLE = ".rotary_emb.inv_freq";

    private HuggingFaceCheckpoint() {}

    /**
     * Opens a folder and checks its config, its tokenizer and the presence and shape of every weight.
     *
     * @throws InvalidInputException if a file is missing or malformed, or the model is one this library does not run
     */
    static Checkpoint open(Path path) {
        ModelFolder folder = new ModelFolder(path);
        Map<String, StoredTensor> stored = ShardIndex.read(folder).orElseThrow(() -> withoutWeights(path));
        JsonFields fields = folder.findFields(ConfigJson.FILE).orElseThrow(
                () -> new InvalidInputException(path + " has no " + ConfigJson.FILE + ", which describes the model."));
        ModelConfig config = ConfigJson.read(fields, stored.keySet());
        List<String> warnings = new ArrayList<>();
        TokenizerSource tokenizer = TokenizerJson.read(folder, fields, config.vocabSize(), warnings);
        if (fields.has("auto_map")) {
            warnings.add(fields.file() + " names code that comes with the model (auto_map): it is not run,"
                    + " the model counts as a plain " + config.family() + ".");
        }
        if (!config.tieWordEmbeddings() && fields.bool("tie_word_embeddings", false)) {
            // Some files hold the embedding twice, as Qwen3-0.6B does: to compare the two would take reading both.
            warnings.add(fields.file() + " says that the output projection is the embedding, but the weights store one"
                    + " as well: that one is used, whether or not it is the same.");
        }
        Map<String, StoredTensor> weights = weights(path, config, stored);
        FolderCompanions companions = new FolderCompanions(
                folder, FloatType.common(weights.values().stream().map(StoredTensor::type).toList()));
        return new StoredCheckpoint(path, config, tokenizer, weights, companions, warnings);
    }

    private static Map<String, StoredTensor> weights(
            Path path, ModelConfig config, Map<String, StoredTensor> stored) {
        Map<String, Shape> needed = new LinkedHashMap<>();
        LlamaWeight.of(config).forEach(weight -> needed.put(weight.name(), weight.shape()));
        Map<String, Shape> found = new LinkedHashMap<>();
        stored.forEach((name, tensor) -> {
            if (!name.endsWith(ROTARY_TABLE)) {
                found.put(name, tensor.shape());
            }
        });
        WeightCheck.requireExactly(path, "its config.json", needed, found);
        Map<String, StoredTensor> weights = new LinkedHashMap<>();
        needed.keySet().forEach(name -> weights.put(name, stored.get(name)));
        return weights;
    }

    private static InvalidInputException withoutWeights(Path path) {
        try (Stream<Path> files = Files.list(path)) {
            Optional<Path> pickle = files.filter(Pickle::isNamed).sorted().findFirst();
            return pickle.map(Pickle::refusal).orElseGet(() -> new InvalidInputException(path + " is a folder without "
                    + ShardIndex.SINGLE + " and " + ShardIndex.INDEX
                    + ": a folder should be a model as Hugging Face transformers saves it."));
        } catch (IOException e) {
            throw Refusal.unreadable(path, e);
        }
    }
}
