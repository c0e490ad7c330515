package superweight.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import superweight.checkpoint.Checkpoint;

/**
 * Weights that stay on disk: each layer is read when its turn comes, kept as it is stored, used and dropped.
 *
 * <p>While one layer is in use, the next is read, so that there are two of them in memory at most.
 */
final class StreamedWeights implements Weights {
    private final Checkpoint checkpoint;
    private final NDManager manager;
    private final Kernels kernels;
    private final NDArray norm;

    /**
     * @param manager owns all arrays
     * @param kernels that multiply by weights as they are stored
     */
    StreamedWeights(Checkpoint checkpoint, NDManager manager, Kernels kernels) {
        this.checkpoint = checkpoint;
        this.manager = manager;
        this.kernels = kernels;
        this.norm = WeightReader.of(checkpoint, manager).tensor(NORM);
    }

    @Override
    public Kernels kernels() {
        return kernels;
    }

    @Override
    public NDArray embed(int[] ids, NDManager scope) {
        return WeightReader.of(checkpoint, scope).rows(EMBED_TOKENS, ids);
    }

    @Override
    public Layers layers(int count) {
        return new ReadAhead(count);
    }

    @Override
    public NDArray norm() {
        return norm;
    }

    @Override
    public LmHead lmHead(NDManager scope) {
        String name = checkpoint.config().tieWordEmbeddings() ? EMBED_TOKENS : LM_HEAD;
        return new LmHead(WeightReader.of(checkpoint, scope).stored(name), kernels);
    }

    @Override
    public float[] values(int layer, LinearLayer matrix) {
        try (NDManager scope = manager.newSubManager()) {
            return WeightReader.of(checkpoint, scope).tensor(matrix.weightName(layer)).toFloatArray();
        }
    }

    @Override
    public float[] row(int layer, LinearLayer matrix, int row) {
        try (NDManager scope = manager.newSubManager()) {
            return WeightReader.of(checkpoint, scope).rows(matrix.weightName(layer), new int[] {row}).toFloatArray();
        }
    }

    private Held read(int layer) {
        NDManager scope = manager.newSubManager();
        try {
            WeightReader reader = WeightReader.of(checkpoint, scope);
            return new Held(
                    DecoderLayer.of(layer, checkpoint.config(), kernels, reader::tensor, reader::stored), scope);
        } catch (RuntimeException | Error e) {
            scope.close();
            throw e;
        }
    }

    /** A layer and the owner of its arrays. */
    private record Held(DecoderLayer layer, NDManager scope) {}

    /** Reads the next layer while one is in use. */
    private final class ReadAhead implements Layers {
        private final ExecutorService reader = Executors.newSingleThreadExecutor(StreamedWeights::thread);
        private final int count;
        private int next;
        private Optional<Held> current = Optional.empty();
        private Optional<Future<Held>> coming = Optional.empty();

        ReadAhead(int count) {
            this.count = count;
            readNext();
        }

        private void readNext() {
            int layer = next++;
            coming = layer < count ? Optional.of(reader.submit(() -> read(layer))) : Optional.empty();
        }

        @Override
        public DecoderLayer next() {
            drop();
            current = Optional.of(await(coming.orElseThrow()));
            readNext();
            return current.get().layer();
        }

        private void drop() {
            current.ifPresent(held -> held.scope().close());
            current = Optional.empty();
        }

        @Override
        public void close() {
            drop();
            reader.shutdown();
            coming.ifPresent(future -> {
                try {
                    await(future).scope().close();
                } catch (RuntimeException e) {
                    // What could not be read is not wanted any more.
                }
            });
        }
    }

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "weights");
        thread.setDaemon(true);
        return thread;
    }

    private static Held await(Future<Held> future) {
        try {
            return future.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while weights were read", e);
        }
    }
}
