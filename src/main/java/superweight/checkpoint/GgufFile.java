package superweight.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import superweight.InvalidInputException;

/**
 * A GGUF file (version 2 or 3, little-endian): metadata, tensor table, tensors decoded on demand.
 *
 * <p>Knows the format only, not what the tensors mean. Opening reads and checks everything before
 * the tensor data; a tensor's bytes are mapped when it is read and let go afterwards.
 *
 * @param path the file
 * @param size its length in bytes when it was opened
 * @param metadata the key-value pairs
 * @param tensors the tensor table in file order, by the file's own names
 * @param warnings sentences about what is odd but harmless, such as bytes after the last tensor
 */
record GgufFile(
        Path path, long size, GgufMetadata metadata, Map<String, GgufTensor> tensors, List<String> warnings) {

    /** Large enough to keep two cores busy, small enough for their caches. */
    private static final int ELEMENTS_PER_STEP = 1 << 15;
    private static final long MOST_ELEMENTS = Integer.MAX_VALUE / Float.BYTES;

    /**
     * Opens a GGUF file.
     *
     * @throws InvalidInputException if it is not readable or breaks the format anywhere
     */
    static GgufFile open(Path path) {
        try (FileChannel channel = FileChannel.open(path)) {
            return new GgufHeadReader(path, new GgufInput(path, channel)).read();
        } catch (IOException e) {
            throw unreadable(path, e);
        }
    }

    /**
     * Decodes a tensor to float32.
     *
     * @return its float32 values in a fresh direct buffer in native byte order, row-major
     * @throws InvalidInputException if the file has changed, or the tensor exceeds 2^29 - 1 elements
     */
    ByteBuffer read(GgufTensor tensor) {
        long elements = tensor.shape().elements();
        if (elements > MOST_ELEMENTS) {
            throw GgufInput.refuse(path, "the number of elements of tensor " + tensor.name(),
                    "at most " + MOST_ELEMENTS, String.valueOf(elements));
        }
        ByteBuffer values = ByteBuffer.allocateDirect(Math.toIntExact(elements * Float.BYTES))
                .order(ByteOrder.nativeOrder());
        try (FileChannel channel = FileChannel.open(path)) {
            // Touching a mapped page that is no longer in the file is a fault of the JVM, not an exception.
            if (channel.size() != size) {
                throw GgufInput.refuse(path, "the length of the file", size + " bytes as when it was opened",
                        String.valueOf(channel.size()));
            }
            MappedByteBuffer data = channel.map(MapMode.READ_ONLY, tensor.position(), tensor.bytes());
            decode(tensor.type(), data, values.asFloatBuffer());
        } catch (IOException e) {
            throw unreadable(path, e);
        }
        return values;
    }

    /** Decodes in steps that run in parallel; each copies its bytes out, since arrays decode fastest. */
    private static void decode(TensorType type, ByteBuffer data, FloatBuffer values) {
        int blocks = data.capacity() / type.bytesPerBlock();
        int blocksPerStep = ELEMENTS_PER_STEP / type.elementsPerBlock();
        int steps = (blocks + blocksPerStep - 1) / blocksPerStep;
        IntStream.range(0, steps).parallel().forEach(step -> {
            int first = step * blocksPerStep;
            int count = Math.min(blocksPerStep, blocks - first);
            byte[] bytes = new byte[count * type.bytesPerBlock()];
            float[] decoded = new float[count * type.elementsPerBlock()];
            data.get(first * type.bytesPerBlock(), bytes);
            type.decode(bytes, count, decoded);
            values.put(first * type.elementsPerBlock(), decoded);
        });
    }

    private static InvalidInputException unreadable(Path path, IOException cause) {
        return new InvalidInputException(path + " could not be read: " + cause + ".", cause);
    }
}
