package superweight.checkpoint;

import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Writes a safetensors file piece by piece: a table of its tensors, then their numbers in the same order.
 *
 * <p>Format: {@code README.md} of huggingface/safetensors. As the reference writer does, wider types come first and the
 * table is padded with spaces, so that every number lies at a multiple of its size.
 */
public final class SafetensorsWriter implements AutoCloseable {
    private static final int ALIGNMENT = 8;

    private final OutputStream out;
    private final List<Tensor> tensors;
    private int at;
    private long written;
    private byte[] bytes = {};

    /**
     * A tensor as it is to be written.
     *
     * @param shape outermost dimension first
     */
    public record Tensor(String name, FloatType type, Shape shape) {
        /** What its numbers take in a file. */
        public long bytes() {
            return shape.elements() * type.bytes();
        }
    }

    /**
     * Begins a file with its table.
     *
     * @param out is closed with this
     */
    public SafetensorsWriter(OutputStream out, List<Tensor> tensors) throws IOException {
        this.out = out;
        this.tensors = tensors.stream()
                .sorted(Comparator.comparingInt((Tensor tensor) -> tensor.type().bytes()).reversed())
                .toList();
        byte[] header = header().getBytes(StandardCharsets.UTF_8);
        byte[] padded = Arrays.copyOf(header, (header.length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT);
        Arrays.fill(padded, header.length, padded.length, (byte) ' ');
        out.write(ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(padded.length).array());
        out.write(padded);
        skipFinished();
    }

    /** The tensors in the order in which their numbers are to be written. */
    public List<Tensor> tensors() {
        return tensors;
    }

    /**
     * Writes the next numbers of the tensor that is not finished, rounded to its type.
     *
     * @param values its first {@code count} are written, row-major
     * @param count no more than that tensor has left
     */
    public void write(float[] values, int count) throws IOException {
        Tensor tensor = tensors.get(at);
        if (written + count > tensor.shape().elements()) {
            throw new IllegalArgumentException(tensor.name() + " has no " + (written + count) + " elements");
        }
        if (bytes.length < count * tensor.type().bytes()) {
            bytes = new byte[count * tensor.type().bytes()];
        }
        tensor.type().encode(values, count, bytes);
        out.write(bytes, 0, count * tensor.type().bytes());
        written += count;
        skipFinished();
    }

    /** Ends the file; one that lacks numbers is closed all the same, and is no safetensors file. */
    @Override
    public void close() throws IOException {
        out.close();
    }

    private void skipFinished() {
        while (at < tensors.size() && written == tensors.get(at).shape().elements()) {
            at++;
            written = 0;
        }
    }

    private String header() throws IOException {
        StringWriter text = new StringWriter();
        try (JsonWriter json = new JsonWriter(text)) {
            json.beginObject();
            json.name("__metadata__").beginObject().name("format").value("pt").endObject(); // PyTorch's layout
            long begin = 0;
            for (Tensor tensor : tensors) {
                json.name(tensor.name()).beginObject();
                json.name("dtype").value(tensor.type().stored().name());
                json.name("shape").beginArray();
                for (long dimension : tensor.shape().dimensions()) {
                    json.value(dimension);
                }
                json.endArray();
                long end = begin + tensor.bytes();
                json.name("data_offsets").beginArray().value(begin).value(end).endArray();
                json.endObject();
                begin = end;
            }
            json.endObject();
        }
        return text.toString();
    }
}
