package superweight.checkpoint;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import superweight.InvalidInputException;

/** A model of the Llama architecture in a GGUF file, under Hugging Face's names and layout. */
final class GgufCheckpoint implements Checkpoint {
    /** Enough to see what is wrong; a file of another kind would list hundreds. */
    private static final int NAMES_LISTED = 8;

    private final GgufFile file;
    private final ModelConfig config;
    private final TokenizerSource tokenizer;
    private final Map<String, LlamaWeight> weights;

    private GgufCheckpoint(GgufFile file, ModelConfig config, TokenizerSource tokenizer, List<LlamaWeight> weights) {
        this.file = file;
        this.config = config;
        this.tokenizer = tokenizer;
        this.weights = new LinkedHashMap<>();
        weights.forEach(weight -> this.weights.put(weight.name(), weight));
    }

    /**
     * Opens a GGUF file and checks its config, its tokenizer and the presence and shape of every weight.
     *
     * @throws InvalidInputException if the file is malformed, or holds a model this library does not run
     */
    static GgufCheckpoint open(Path path) {
        GgufFile file = GgufFile.open(path);
        ModelConfig config = GgufConfig.read(file);
        List<LlamaWeight> weights = LlamaWeight.of(config);
        requireExactly(weights, file);
        return new GgufCheckpoint(file, config, GgufTokenizer.read(file.metadata()), weights);
    }

    @Override
    public Path path() {
        return file.path();
    }

    @Override
    public ModelConfig config() {
        return config;
    }

    @Override
    public TokenizerSource tokenizer() {
        return tokenizer;
    }

    @Override
    public Map<String, Shape> tensors() {
        Map<String, Shape> shapes = new LinkedHashMap<>();
        weights.values().forEach(weight -> shapes.put(weight.name(), weight.shape()));
        return Collections.unmodifiableMap(shapes);
    }

    @Override
    public List<String> warnings() {
        return file.warnings();
    }

    @Override
    public ByteBuffer read(String name) {
        if (!weights.containsKey(name)) {
            throw GgufInput.refuse(file.path(), "tensor " + name, "one of the model's weights", "not among them");
        }
        LlamaWeight weight = weights.get(name);
        ByteBuffer stored = file.read(file.tensors().get(weight.ggufName()));
        return weight.rotaryHeads() == 0 ? stored : unpermuted(stored, weight);
    }

    /**
     * Puts the rows of a query or key projection back into Hugging Face's order.
     *
     * <p>Within a head, GGUF interleaves the two halves that rotate together (0, d/2, 1, d/2 + 1,
     * ...); Hugging Face keeps them apart.
     */
    private static ByteBuffer unpermuted(ByteBuffer stored, LlamaWeight weight) {
        int rows = Math.toIntExact(weight.shape().dimensions().get(0));
        int rowBytes = stored.capacity() / rows;
        int headDim = rows / weight.rotaryHeads();
        ByteBuffer values = ByteBuffer.allocateDirect(stored.capacity()).order(ByteOrder.nativeOrder());
        for (int row = 0; row < rows; row++) {
            int head = row / headDim;
            int half = row % headDim / (headDim / 2);
            int pair = row % (headDim / 2);
            int from = head * headDim + 2 * pair + half;
            values.put(row * rowBytes, stored, from * rowBytes, rowBytes);
        }
        return values;
    }

    private static void requireExactly(List<LlamaWeight> expected, GgufFile file) {
        List<String> missing = new ArrayList<>();
        List<String> misshaped = new ArrayList<>();
        Set<String> unexpected = new LinkedHashSet<>(file.tensors().keySet());
        for (LlamaWeight weight : expected) {
            unexpected.remove(weight.ggufName());
            if (!file.tensors().containsKey(weight.ggufName())) {
                missing.add(weight.ggufName());
                continue;
            }
            Shape found = file.tensors().get(weight.ggufName()).shape();
            if (!found.equals(weight.shape())) {
                misshaped.add(weight.ggufName() + " with shape " + found + " instead of " + weight.shape());
            }
        }
        List<String> problems = new ArrayList<>();
        list("lacks", missing, problems);
        list("has", misshaped, problems);
        list("has the unsupported", List.copyOf(unexpected), problems);
        if (!problems.isEmpty()) {
            throw new InvalidInputException("The tensors of " + file.path()
                    + " are not those of the Llama model that its metadata describes: it "
                    + String.join("; it ", problems) + ".");
        }
    }

    private static void list(String verb, List<String> names, List<String> problems) {
        if (names.isEmpty()) {
            return;
        }
        int more = names.size() - NAMES_LISTED;
        String listed = String.join(", ", names.subList(0, Math.min(names.size(), NAMES_LISTED)));
        problems.add(verb + " " + listed + (more > 0 ? " and " + more + " more" : ""));
    }
}
