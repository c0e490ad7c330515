package superweight.checkpoint;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import superweight.InvalidInputException;

/** Opens a model of the Llama architecture in a GGUF file, under Hugging Face's names and layout. */
final class GgufCheckpoint {
    private GgufCheckpoint() {}

    /**
     * Opens a GGUF file and checks its config, its tokenizer and the presence and shape of every weight.
     *
     * @throws InvalidInputException if the file is malformed, or holds a model this library does not run
     */
    static Checkpoint open(Path path) {
        GgufFile file = GgufFile.open(path);
        ModelConfig config = GgufConfig.read(file);
        List<LlamaWeight> weights = LlamaWeight.of(config);
        Map<String, Shape> needed = new LinkedHashMap<>();
        weights.forEach(weight -> needed.put(weight.ggufName(), weight.shape()));
        Map<String, Shape> found = new LinkedHashMap<>();
        file.tensors().values().forEach(tensor -> found.put(tensor.name(), tensor.shape()));
        WeightCheck.requireExactly(path, "its metadata", needed, found);
        Map<String, StoredTensor> byName = new LinkedHashMap<>();
        weights.forEach(weight -> byName.put(
                weight.name(), file.tensors().get(weight.ggufName()).inOrder(weight.ggufOrder())));
        TokenizerSource tokenizer = GgufTokenizer.read(file.metadata());
        GgufCompanions companions = new GgufCompanions(config, file.metadata(), tokenizer);
        return new StoredCheckpoint(path, config, tokenizer, byName, companions, file.warnings());
    }
}
