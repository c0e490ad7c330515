package superweight.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import superweight.checkpoint.Checkpoint;

/**
 * Weights that stay on disk: each layer is read when its turn comes, used and dropped.
 *
 * <p>While one layer is in use, the next is read, so that there are two of them in memory at most: in float16 where
 * that is what the file has, else in float32.
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
            return plain(layer, matrix, scope).toFloatArray();
        }
    }

    @Override
    public NDArray plain(int layer, LinearLayer matrix, NDManager scope) {
        return WeightReader.of(checkpoint, scope).tensor(matrix.weightName(layer));
    }

    @Override
    public float[] row(int layer, LinearLayer matrix, int row) {
        try (NDManager scope = manager.newSubManager()) {
            return WeightReader.of(checkpoint, scope).rows(matrix.weightName(layer), new int[] {row}).toFloatArray();
        }
    }

    /**
     * Reads the next layer while one is in use, into the arrays of the one before: to clear the pages of new ones would
     * take as long as to read them.
     */
    private final class ReadAhead implements Layers {
        private final ExecutorService thread = Executors.newSingleThreadExecutor(StreamedWeights::thread);
        private final NDManager scope = manager.newSubManager();
        private final SpareArrays spare = new SpareArrays(scope);
        private final WeightReader reader = WeightReader.into(checkpoint, spare::take);
        private final int count;
        private int next;
        private Optional<DecoderLayer> current = Optional.empty();
        private Optional<Future<DecoderLayer>> coming = Optional.empty();

        ReadAhead(int count) {
            this.count = count;
            readNext();
        }

        private void readNext() {
            int layer = next++;
            coming = layer < count ? Optional.of(thread.submit(() -> read(layer))) : Optional.empty();
        }

        private DecoderLayer read(int layer) {
            return DecoderLayer.of(layer, checkpoint, kernels, reader::tensor, reader::stored);
        }

        @Override
        public DecoderLayer next() {
            current.ifPresent(layer -> layer.arrays().forEach(spare::giveBack));
            current = Optional.of(await(coming.orElseThrow()));
            readNext();
            return current.get();
        }

        /** Waits for what is being read, also when interrupted: it is written into arrays that are freed here. */
        @Override
        public void close() {
            thread.shutdown();
            boolean interrupted = false;
            boolean ended = false;
            while (!ended) {
                try {
                    ended = thread.awaitTermination(1, TimeUnit.DAYS);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            scope.close();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "weights");
        thread.setDaemon(true);
        return thread;
    }

    private static DecoderLayer await(Future<DecoderLayer> future) {
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
