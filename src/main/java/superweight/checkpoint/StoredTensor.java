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
 * A weight in a file of either format, read on demand: by positioned reads, so that a file that shrinks meanwhile is
 * an exception, and in steps that run in parallel.
 *
 * @param file the file that holds it
 * @param fileSize the file's length in bytes when it was opened
 * @param name the file's own name for it: {@code blk.11.ffn_down.weight} in GGUF
 * @param type how its numbers are stored
 * @param shape outermost dimension first
 * @param position where its data begins, in bytes from the start of the file
 * @param order where its rows lie in these data
 */
record StoredTensor(
        Path file, long fileSize, String name, TensorType type, Shape shape, long position, RowOrder order) {
    /** Elements of a step: large enough to keep two cores busy, small enough for their caches. */
    private static final int STEP = 1 << 15;

    /** What every step of a thread decodes from and into, since arrays decode fastest. */
    private static final ThreadLocal<Scratch> SCRATCH = ThreadLocal.withInitial(Scratch::new);

    private static final class Scratch {
        private final byte[] bytes = new byte[STEP * Float.BYTES]; // no type takes more for a number than float32
        private final float[] values = new float[STEP];
    }

    /** What is done with some blocks of the data, counted from 0 in the order of the rows that were asked for. */
    private interface Step {
        void take(FileChannel channel, long firstBlock, int blocks) throws IOException;
    }

    /** The same numbers as a weight whose rows lie elsewhere in the data. */
    StoredTensor inOrder(RowOrder other) {
        return new StoredTensor(file, fileSize, name, type, shape, position, other);
    }

    /**
     * Decodes consecutive rows to float32.
     *
     * @param firstRow counted from 0; see {@link Shape#rows()}
     * @param values is filled with whole rows, row-major, from its position to its limit
     * @throws InvalidInputException if the file has changed or cannot be read
     */
    void read(long firstRow, FloatBuffer values) {
        long rows = rows(values.remaining(), shape.rowElements());
        Objects.checkFromIndexSize(firstRow, rows, shape.rows());
        decode(row -> order.stored(firstRow + row), values.slice());
    }

    /**
     * Decodes some rows to float32.
     *
     * @param rows counted from 0, in any order
     * @param values is filled with these rows, row-major, from its position to its limit
     * @throws InvalidInputException if the file has changed or cannot be read
     */
    void read(int[] rows, FloatBuffer values) {
        if (rows(values.remaining(), shape.rowElements()) != rows.length) {
            throw new IllegalArgumentException(values.remaining() + " numbers are not " + rows.length + " rows");
        }
        for (int row : rows) {
            Objects.checkIndex(row, shape.rows());
        }
        decode(row -> order.stored(rows[(int) row]), values.slice());
    }

    /**
     * Copies consecutive rows as the file stores them.
     *
     * @param firstRow counted from 0; see {@link Shape#rows()}
     * @param bytes is filled with whole rows of {@link #type}, row-major, from its position to its limit
     * @throws InvalidInputException if the file has changed or cannot be read
     */
    void readStored(long firstRow, ByteBuffer bytes) {
        long rows = rows(bytes.remaining(), blocksPerRow() * type.bytesPerBlock());
        Objects.checkFromIndexSize(firstRow, rows, shape.rows());
        RowOrder consecutive = row -> order.stored(firstRow + row);
        ByteBuffer target = bytes.slice();
        forEachStep(target.capacity() / type.bytesPerBlock(), (channel, first, blocks) -> copy(
                channel, consecutive, first,
                target.slice((int) first * type.bytesPerBlock(), blocks * type.bytesPerBlock())));
    }

    private void decode(RowOrder rows, FloatBuffer values) {
        forEachStep(values.capacity() / type.elementsPerBlock(), (channel, first, blocks) -> {
            Scratch scratch = SCRATCH.get();
            copy(channel, rows, first, ByteBuffer.wrap(scratch.bytes, 0, blocks * type.bytesPerBlock()));
            type.decode(scratch.bytes, blocks, scratch.values);
            values.put((int) first * type.elementsPerBlock(), scratch.values, 0, blocks * type.elementsPerBlock());
        });
    }

    private void forEachStep(long blocks, Step step) {
        long blocksPerStep = STEP / type.elementsPerBlock();
        try (FileChannel channel = FileChannel.open(file)) {
            if (channel.size() != fileSize) {
                throw Refusal.of(file, "the length of the file", fileSize + " bytes as when it was opened",
                        String.valueOf(channel.size()));
            }
            LongStream.range(0, (blocks + blocksPerStep - 1) / blocksPerStep).parallel().forEach(i -> {
                long first = i * blocksPerStep;
                try {
                    step.take(channel, first, (int) Math.min(blocksPerStep, blocks - first));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        } catch (UncheckedIOException e) {
            throw Refusal.unreadable(file, e.getCause());
        } catch (IOException e) {
            throw Refusal.unreadable(file, e);
        }
    }

    /** Copies blocks from {@code block} on, as many as there is room for; rows that lie one after another at once. */
    private void copy(FileChannel channel, RowOrder rows, long block, ByteBuffer bytes) throws IOException {
        long rowBytes = blocksPerRow() * type.bytesPerBlock();
        int end = bytes.limit();
        long row = block / blocksPerRow();
        long inRow = block % blocksPerRow() * type.bytesPerBlock();
        while (bytes.position() < end) {
            long from = rows.stored(row);
            long count = 1;
            while (bytes.position() + count * rowBytes - inRow < end && rows.stored(row + count) == from + count) {
                count++;
            }
            bytes.limit((int) Math.min(end, bytes.position() + count * rowBytes - inRow));
            readFully(channel, position + from * rowBytes + inRow, bytes);
            row += count;
            inRow = 0;
        }
    }

    private void readFully(FileChannel channel, long from, ByteBuffer bytes) throws IOException {
        int start = bytes.position();
        while (bytes.hasRemaining()) {
            if (channel.read(bytes, from + bytes.position() - start) < 0) {
                throw new InvalidInputException(file + " became shorter while it was being read.");
            }
        }
    }

    private long blocksPerRow() {
        return shape.rowElements() / type.elementsPerBlock();
    }

    private static long rows(long size, long rowSize) {
        if (size % rowSize != 0) {
            throw new IllegalArgumentException(size + " are no whole rows of " + rowSize);
        }
        return size / rowSize;
    }
}
