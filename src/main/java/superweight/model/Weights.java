package superweight.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import superweight.checkpoint.Checkpoint;
import superweight.model.Intervention.Cell;
import superweight.model.Intervention.RestoreSuperActivation;
import superweight.model.Intervention.ScaleWeights;

/**
 * The model's tensors in float32, under Hugging Face's names; the matrices are packed, as {@link Kernels} multiply by
 * them, and kept in no other form.
 *
 * @param embedTokens {@code [vocab, hidden]}
 * @param layers one entry per decoder layer
 * @param norm {@code [hidden]}
 * @param lmHead packed, {@code [vocab, hidden]}; the embedding packed where the two are tied
 */
record Weights(NDArray embedTokens, List<Layer> layers, NDArray norm, NDArray lmHead) {

    /**
     * One decoder layer.
     *
     * @param inputLayernorm {@code [hidden]}
     * @param postAttentionLayernorm {@code [hidden]}
     * @param linear the seven matrices, packed, each {@code [out, in]}
     * @param restored channels of down_proj's output in which one activation is put back
     * @param kernels that the matrices are packed for
     */
    record Layer(
            NDArray inputLayernorm,
            NDArray postAttentionLayernorm,
            Map<LinearLayer, NDArray> linear,
            List<RestoredChannel> restored,
            Kernels kernels) {
        /** A matrix as {@link Kernels#linear} takes it. */
        NDArray get(LinearLayer matrix) {
            return linear.get(matrix);
        }

        /** A matrix as the checkpoint holds it, row-major {@code [out, in]}. */
        float[] values(LinearLayer matrix) {
            try (NDArray weight = kernels.unpack(get(matrix))) {
                return weight.toFloatArray();
            }
        }

        /** One row of a matrix: {@code [in]}. */
        float[] values(LinearLayer matrix, int row) {
            try (NDArray weight = kernels.unpack(get(matrix)); NDArray values = weight.get(row)) {
                return values.toFloatArray();
            }
        }

        /**
         * The layer as some interventions make it: touched matrices are copies in {@code scope}, the
         * others are shared.
         */
        Layer with(List<Intervention> interventions, NDManager scope) {
            Map<LinearLayer, NDArray> edited = new EnumMap<>(linear);
            List<RestoredChannel> channels = new ArrayList<>(restored);
            for (Intervention intervention : interventions) {
                if (intervention instanceof ScaleWeights scaling) {
                    edited.compute(scaling.matrix(), (matrix, weight) -> scaled(weight, scaling, scope));
                } else if (intervention instanceof RestoreSuperActivation restoring) {
                    channels.add(originalChannel(restoring.channel(), scope));
                }
            }
            return new Layer(inputLayernorm, postAttentionLayernorm, edited, channels, kernels);
        }

        private RestoredChannel originalChannel(int channel, NDManager scope) {
            float[] row = values(LinearLayer.DOWN_PROJ, channel);
            return new RestoredChannel(channel, packed(row, new Shape(1, row.length), scope));
        }

        /** The weight may have been scaled before, by another intervention. */
        private NDArray scaled(NDArray weight, ScaleWeights scaling, NDManager scope) {
            float[] values;
            try (NDArray plain = kernels.unpack(weight)) {
                values = plain.toFloatArray();
            }
            int columns = Math.toIntExact(weight.getShape().get(1));
            for (Cell cell : scaling.cells()) {
                values[cell.row() * columns + cell.column()] *= scaling.factor();
            }
            return packed(values, weight.getShape(), scope);
        }

        private NDArray packed(float[] values, Shape shape, NDManager scope) {
            try (NDArray weight = scope.create(values, shape)) {
                return kernels.pack(weight);
            }
        }
    }

    /**
     * A channel of down_proj's output with the weights that make it in the original model.
     *
     * @param weights its row of {@code down_proj.weight}, packed, {@code [1, intermediate]}
     */
    record RestoredChannel(int index, NDArray weights) {}

    static Weights read(Checkpoint checkpoint, NDManager manager, Kernels kernels) {
        WeightReader reader = WeightReader.of(checkpoint, manager);
        NDArray embedTokens = reader.tensor("model.embed_tokens.weight");
        return new Weights(
                embedTokens,
                IntStream.range(0, checkpoint.config().numHiddenLayers())
                        .mapToObj(layer -> layer(layer, reader, kernels))
                        .toList(),
                reader.tensor("model.norm.weight"),
                checkpoint.config().tieWordEmbeddings()
                        ? kernels.pack(embedTokens)
                        : reader.packed("lm_head.weight", kernels));
    }

    private static Layer layer(int layer, WeightReader reader, Kernels kernels) {
        Map<LinearLayer, NDArray> linear = new EnumMap<>(LinearLayer.class);
        for (LinearLayer matrix : LinearLayer.values()) {
            linear.put(matrix, reader.packed(matrix.weightName(layer), kernels));
        }
        String prefix = "model.layers." + layer + ".";
        return new Layer(
                reader.tensor(prefix + "input_layernorm.weight"),
                reader.tensor(prefix + "post_attention_layernorm.weight"),
                Collections.unmodifiableMap(linear),
                List.of(),
                kernels);
    }
}
