package superweight.checkpoint;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.LongStream;
import superweight.InvalidInputException;

/**
 * A tensor in a file of either format, decoded on demand.
 *
 * @param file the file that holds it
 * @param fileSize the file's length in bytes when it was opened
 * @param name the file's own name for it: {@code blk.11.ffn_down.weight} in GGUF
 * @param type how its numbers are stored
 * @param shape outermost dimension first
 * @param position where its data begins, in bytes from the start of the file
 */
record StoredTensor(Path file, long fileSize, String name, TensorType type, Shape shape, long position) {
    /** Large enough to keep two cores busy, small enough for their caches. */
    private static final int ELEMENTS_PER_STEP = 1 << 15;

    /**
     * Decodes rows to float32, by positioned reads, so that a file that shrinks meanwhile is an exception.
     *
     * @param firstRow counted from 0; see {@link Shape#rows()}
     * @param values is filled with whole rows, row-major, from its position to its limit
     * @throws InvalidInputException if the file has changed or cannot be read
     */
    void read(long firstRow, FloatBuffer values) {
        long rowElements = shape.rowElements();
        if (values.remaining() % rowElements != 0) {
            throw new IllegalArgumentException(values.remaining() + " numbers are no whole rows of " + rowElements);
        }
        Objects.checkFromIndexSize(firstRow, values.remaining() / rowElements, shape.rows());
        long from = position + firstRow * (rowElements / type.elementsPerBlock()) * type.bytesPerBlock();
        try (FileChannel channel = FileChannel.open(file)) {
            if (channel.size() != fileSize) {
                throw Refusal.of(file, "the length of the file", fileSize + " bytes as when it was opened",
                        String.valueOf(channel.size()));
            }
            decode(channel, from, values.slice());
        } catch (UncheckedIOException e) {
            throw Refusal.unreadable(file, e.getCause());
        } catch (IOException e) {
            throw Refusal.unreadable(file, e);
        }
    }

    /** Decodes in steps that run in parallel; each copies its bytes out, since arrays decode fastest. */
    private void decode(FileChannel channel, long from, FloatBuffer values) {
        long blocks = values.capacity() / type.elementsPerBlock();
        long blocksPerStep = ELEMENTS_PER_STEP / type.elementsPerBlock();
        LongStream.range(0, (blocks + blocksPerStep - 1) / blocksPerStep).parallel().forEach(step -> {
            long first = step * blocksPerStep;
            int count = (int) Math.min(blocksPerStep, blocks - first);
            byte[] bytes = new byte[count * type.bytesPerBlock()];
            float[] decoded = new float[count * type.elementsPerBlock()];
            readFully(channel, from + first * type.bytesPerBlock(), ByteBuffer.wrap(bytes));
            type.decode(bytes, count, decoded);
            values.put((int) first * type.elementsPerBlock(), decoded);
        });
    }

    private void readFully(FileChannel channel, long from, ByteBuffer bytes) {
        try {
            while (bytes.hasRemaining()) {
                if (channel.read(bytes, from + bytes.position()) < 0) {
                    throw new InvalidInputException(file + " became shorter while it was being read.");
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
