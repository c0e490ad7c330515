package superweight.checkpoint;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A checkpoint whose tensors lie in files, of either format.
 *
 * @param weights by their Hugging Face names, in their layout, in the order in which a forward pass meets them
 * @param companions what lies beside them in a Hugging Face folder
 */
record StoredCheckpoint(
        Path path,
        ModelConfig config,
        TokenizerSource tokenizer,
        Map<String, StoredTensor> weights,
        Companions companions,
        List<String> warnings)
        implements Checkpoint {

    StoredCheckpoint {
        weights = Collections.unmodifiableMap(new LinkedHashMap<>(weights));
        warnings = List.copyOf(warnings);
    }

    @Override
    public Map<String, Shape> tensors() {
        Map<String, Shape> shapes = new LinkedHashMap<>();
        weights.forEach((name, weight) -> shapes.put(name, weight.shape()));
        return Collections.unmodifiableMap(shapes);
    }

    @Override
    public TensorType type(String name) {
        return weight(name).type();
    }

    @Override
    public void read(String name, long firstRow, FloatBuffer values) {
        weight(name).read(firstRow, values);
    }

    @Override
    public void read(String name, int[] rows, FloatBuffer values) {
        weight(name).read(rows, values);
    }

    @Override
    public void readStored(String name, long firstRow, ByteBuffer bytes) {
        weight(name).readStored(firstRow, bytes);
    }

    @Override
    public Map<String, byte[]> companions(FloatType type) {
        return companions.files(type);
    }

    private StoredTensor weight(String name) {
        shape(name); // refuses a name that is not among the model's
        return weights.get(name);
    }
}
