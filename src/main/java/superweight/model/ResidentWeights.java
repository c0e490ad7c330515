package superweight.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.SparseFormat;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import superweight.checkpoint.Checkpoint;

/**
 * Weights that are all in memory, in float32; the matrices are packed, as {@link Kernels} multiply by them, and kept
 * in no other form.
 *
 * @param embedTokens {@code [vocab, hidden]}
 * @param decoder one entry per decoder layer
 * @param norm {@code [hidden]}
 * @param head packed, {@code [vocab, hidden]}
 */
record ResidentWeights(
        Kernels kernels, NDArray embedTokens, List<DecoderLayer> decoder, NDArray norm, LmHead head)
        implements Weights {

    static ResidentWeights read(Checkpoint checkpoint, NDManager manager, Kernels kernels) {
        WeightReader reader = WeightReader.of(checkpoint, manager);
        NDArray embedTokens = reader.tensor(EMBED_TOKENS);
        NDArray head = checkpoint.config().tieWordEmbeddings()
                ? kernels.pack(embedTokens)
                : reader.packed(LM_HEAD, kernels);
        return new ResidentWeights(
                kernels,
                embedTokens,
                IntStream.range(0, checkpoint.config().numHiddenLayers())
                        .mapToObj(layer -> DecoderLayer.of(
                                layer,
                                checkpoint,
                                kernels,
                                reader::tensor,
                                matrix -> reader.packed(matrix, kernels)))
                        .toList(),
                reader.tensor(NORM),
                new LmHead(head, kernels));
    }

    @Override
    public NDArray embed(int[] ids, NDManager scope) {
        // The ids come first: an operation's result belongs to the manager of its first operand.
        try (NDArray rows = scope.create(ids)) {
            return rows.getNDArrayInternal()
                    .embedding(rows, embedTokens, SparseFormat.DENSE)
                    .singletonOrThrow();
        }
    }

    @Override
    public Layers layers(int count) {
        Iterator<DecoderLayer> first = decoder.subList(0, count).iterator();
        return new Layers() {
            @Override
            public DecoderLayer next() {
                return first.next();
            }

            @Override
            public void close() {}
        };
    }

    @Override
    public LmHead lmHead(NDManager scope) {
        return head;
    }

    @Override
    public float[] values(int layer, LinearLayer matrix) {
        return decoder.get(layer).weights().get(matrix).values();
    }

    @Override
    public NDArray plain(int layer, LinearLayer matrix, NDManager scope) {
        return decoder.get(layer).weights().get(matrix).plain(scope);
    }

    @Override
    public float[] row(int layer, LinearLayer matrix, int row) {
        return decoder.get(layer).weights().get(matrix).row(row);
    }
}
