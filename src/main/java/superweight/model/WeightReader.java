package superweight.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import superweight.checkpoint.Checkpoint;

/**
 * The one place where file data becomes an array, always as float32: the engine ends the whole JVM when it is
 * asked for bfloat16, so the checkpoint decodes that in Java.
 *
 * @param checkpoint where the numbers come from
 * @param manager owns the arrays
 * @param mostElements a larger tensor is put together from pieces of whole rows that are no larger than this
 */
record WeightReader(Checkpoint checkpoint, NDManager manager, long mostElements) {
    /** 256 MiB as float32: a buffer can hold 2 GiB, the embedding of Llama 3 8B alone has 2.1 GB. */
    private static final long MOST_ELEMENTS = 1L << 26;

    static WeightReader of(Checkpoint checkpoint, NDManager manager) {
        return new WeightReader(checkpoint, manager, MOST_ELEMENTS);
    }

    /** One tensor by its Hugging Face name, in its whole shape. */
    NDArray tensor(String name) {
        superweight.checkpoint.Shape stored = checkpoint.shape(name);
        Shape shape = new Shape(stored.dimensions().stream().mapToLong(Long::longValue).toArray());
        return stored.elements() <= mostElements || stored.rows() == 1
                ? manager.create(checkpoint.read(name), shape, DataType.FLOAT32)
                : assembled(name, stored.rows(), stored.rowElements(), shape);
    }

    /** One buffer serves all pieces, so that no more than the tensor and one piece of it is in memory. */
    private NDArray assembled(String name, long rows, long rowElements, Shape shape) {
        NDArray whole = manager.create(shape, DataType.FLOAT32);
        int rowsPerPiece = Math.toIntExact(Math.max(1, mostElements / rowElements));
        int rowBytes = Math.toIntExact(rowElements * Float.BYTES);
        ByteBuffer buffer = ByteBuffer.allocateDirect(Math.multiplyExact(rowsPerPiece, rowBytes))
                .order(ByteOrder.nativeOrder());
        for (long first = 0; first < rows; first += rowsPerPiece) {
            int count = Math.toIntExact(Math.min(rowsPerPiece, rows - first));
            buffer.clear().limit(count * rowBytes);
            checkpoint.read(name, first, buffer.asFloatBuffer());
            try (NDManager scope = manager.newSubManager()) {
                NDArray piece = scope.create(buffer, new Shape(count, rowElements), DataType.FLOAT32);
                whole.set(new NDIndex("{}:{}", first, first + count), piece);
            }
        }
        return whole;
    }
}
