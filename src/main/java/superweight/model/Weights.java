package superweight.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
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
 * The model's tensors in float32, in Hugging Face's layout.
 *
 * @param embedTokens {@code [vocab, hidden]}
 * @param layers one entry per decoder layer
 * @param norm {@code [hidden]}
 * @param lmHead {@code [vocab, hidden]}; the embedding itself where the two are tied
 */
record Weights(NDArray embedTokens, List<Layer> layers, NDArray norm, NDArray lmHead) {

    /**
     * One decoder layer.
     *
     * @param inputLayernorm {@code [hidden]}
     * @param postAttentionLayernorm {@code [hidden]}
     * @param linear the seven matrices, each {@code [out, in]}
     * @param restored channels of down_proj's output in which one activation is put back
     */
    record Layer(
            NDArray inputLayernorm,
            NDArray postAttentionLayernorm,
            Map<LinearLayer, NDArray> linear,
            List<RestoredChannel> restored) {
        NDArray get(LinearLayer matrix) {
            return linear.get(matrix);
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
                    edited.computeIfPresent(
                            scaling.matrix(), (name, weight) -> scaled(weight, scaling, scope));
                } else if (intervention instanceof RestoreSuperActivation restoring) {
                    channels.add(originalChannel(restoring.channel(), scope));
                }
            }
            return new Layer(inputLayernorm, postAttentionLayernorm, edited, channels);
        }

        private RestoredChannel originalChannel(int channel, NDManager scope) {
            NDArray weights = get(LinearLayer.DOWN_PROJ).get(new NDIndex("{}:{}", channel, channel + 1));
            weights.attach(scope);
            return new RestoredChannel(channel, weights);
        }

        private static NDArray scaled(NDArray weight, ScaleWeights scaling, NDManager scope) {
            int columns = Math.toIntExact(weight.getShape().get(1));
            float[] values = weight.toFloatArray();
            for (Cell cell : scaling.cells()) {
                values[cell.row() * columns + cell.column()] *= scaling.factor();
            }
            return scope.create(values, weight.getShape());
        }
    }

    /**
     * A channel of down_proj's output with the weights that make it in the original model.
     *
     * @param weights its row of {@code down_proj.weight}, {@code [1, intermediate]}
     */
    record RestoredChannel(int index, NDArray weights) {}

    static Weights read(Checkpoint checkpoint, NDManager manager) {
        WeightReader reader = WeightReader.of(checkpoint, manager);
        NDArray embedTokens = reader.tensor("model.embed_tokens.weight");
        return new Weights(
                embedTokens,
                IntStream.range(0, checkpoint.config().numHiddenLayers())
                        .mapToObj(layer -> layer(layer, reader))
                        .toList(),
                reader.tensor("model.norm.weight"),
                checkpoint.config().tieWordEmbeddings() ? embedTokens : reader.tensor("lm_head.weight"));
    }

    private static Layer layer(int layer, WeightReader reader) {
        Map<LinearLayer, NDArray> linear = new EnumMap<>(LinearLayer.class);
        for (LinearLayer matrix : LinearLayer.values()) {
            linear.put(matrix, reader.tensor(matrix.weightName(layer)));
        }
        String prefix = "model.layers." + layer + ".";
        return new Layer(
                reader.tensor(prefix + "input_layernorm.weight"),
                reader.tensor(prefix + "post_attention_layernorm.weight"),
                Collections.unmodifiableMap(linear),
                List.of());
    }
}
