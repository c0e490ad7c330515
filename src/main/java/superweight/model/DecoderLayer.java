package superweight.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.stream.IntStream;
import superweight.checkpoint.Checkpoint;
import superweight.checkpoint.ModelConfig;
import superweight.model.HookPoint.Site;
import superweight.model.Intervention.ChangeSuperActivation;
import superweight.model.Intervention.MapInput;
import superweight.model.Intervention.MapOutput;
import superweight.model.Intervention.MapWeights;
import superweight.model.Intervention.ReplaceActivation;
import superweight.model.Intervention.RestoreSuperActivation;
import superweight.model.Intervention.ScaleWeights;

/**
 * One decoder layer as some runs have it, of any family: where they differ from Llama, a layer has the weights for it.
 *
 * @param index from 0
 * @param inputLayernorm {@code [hidden]}
 * @param postAttentionLayernorm {@code [hidden]}
 * @param weights the seven matrices, {@code [out, in]} each
 * @param biases what is added to that which a matrix gives, {@code [out]}; Qwen2's q_proj, k_proj and v_proj have one
 * @param headNorms what each head of that which a matrix gives is normed with, {@code [headDim]}; Qwen3's q_proj and
 *     k_proj have one
 * @param inputs what is done to the activations that a matrix is multiplied by
 * @param outputs what is done to that which a matrix gives
 */
record DecoderLayer(
        int index,
        ModelConfig config,
        Kernels kernels,
        NDArray inputLayernorm,
        NDArray postAttentionLayernorm,
        Map<LinearLayer, Matrix> weights,
        Map<LinearLayer, NDArray> biases,
        Map<LinearLayer, NDArray> headNorms,
        List<MapInput> inputs,
        List<OutputEdit> outputs) {

    /**
     * A change to what a matrix gives for one sequence.
     *
     * @param edit from what the layer gives the matrix, {@code [T, in]}, and what the matrix makes of it,
     *     {@code [T, out]}, which may be written to, to what is used instead
     */
    record OutputEdit(LinearLayer matrix, BinaryOperator<NDArray> edit) {}

    /**
     * A layer of the original model.
     *
     * @param checkpoint says which weights its layers have
     * @param tensor gives a tensor by its Hugging Face name in float32
     * @param matrix gives a matrix by its Hugging Face name as the kernels multiply by it
     */
    static DecoderLayer of(
            int index,
            Checkpoint checkpoint,
            Kernels kernels,
            Function<String, NDArray> tensor,
            Function<String, NDArray> matrix) {
        Map<LinearLayer, Matrix> weights = new EnumMap<>(LinearLayer.class);
        for (LinearLayer each : LinearLayer.values()) {
            weights.put(each, Matrix.of(matrix.apply(each.weightName(index)), kernels));
        }
        Set<String> stored = checkpoint.tensors().keySet();
        String prefix = "model.layers." + index + ".";
        return new DecoderLayer(
                index,
                checkpoint.config(),
                kernels,
                tensor.apply(prefix + "input_layernorm.weight"),
                tensor.apply(prefix + "post_attention_layernorm.weight"),
                weights,
                vectors(stored, each -> each.biasName(index), tensor),
                vectors(stored, each -> each.headNormName(index), tensor),
                List.of(),
                List.of());
    }

    /** The vectors of this name that there are. */
    private static Map<LinearLayer, NDArray> vectors(
            Set<String> stored, Function<LinearLayer, String> name, Function<String, NDArray> tensor) {
        Map<LinearLayer, NDArray> vectors = new EnumMap<>(LinearLayer.class);
        for (LinearLayer each : LinearLayer.values()) {
            if (stored.contains(name.apply(each))) {
                vectors.put(each, tensor.apply(name.apply(each)));
            }
        }
        return vectors;
    }

    /** The arrays that it is made of in the original model. */
    List<NDArray> arrays() {
        List<NDArray> arrays = new ArrayList<>(List.of(inputLayernorm, postAttentionLayernorm));
        weights.values().forEach(matrix -> arrays.add(matrix.held()));
        arrays.addAll(biases.values());
        arrays.addAll(headNorms.values());
        return arrays;
    }

    /** The layer with some interventions; the arrays that takes are in {@code scope}, all others are shared. */
    DecoderLayer with(List<Intervention> interventions, NDManager scope) {
        Map<LinearLayer, Matrix> changed = new EnumMap<>(weights);
        List<MapInput> maps = new ArrayList<>(inputs);
        List<OutputEdit> edits = new ArrayList<>(outputs);
        for (Intervention intervention : interventions) {
            if (intervention instanceof ScaleWeights scaling) {
                changed.compute(scaling.matrix(), (matrix, weight) -> weight.scaled(scaling, scope));
            } else if (intervention instanceof MapWeights mapping) {
                changed.compute(mapping.matrix(), (matrix, weight) -> weight.mapped(mapping, scope));
            } else if (intervention instanceof MapInput map) {
                maps.add(map);
            } else if (intervention instanceof MapOutput map) {
                edits.add(new OutputEdit(map.matrix(), (x, out) -> map.map().apply(out)));
            } else if (intervention instanceof RestoreSuperActivation restoring) {
                edits.add(new OutputEdit(LinearLayer.DOWN_PROJ, onSuperActivation(restoring.channel(), scope,
                        (out, token, value) -> written(out, token, restoring.channel(), value))));
            } else if (intervention instanceof ChangeSuperActivation changing) {
                edits.add(new OutputEdit(LinearLayer.DOWN_PROJ, onSuperActivation(changing.channel(), scope,
                        (out, token, value) -> changing.change().apply(out, token, changing.channel()))));
            } else if (intervention instanceof ReplaceActivation replacing) {
                edits.add(new OutputEdit(LinearLayer.DOWN_PROJ, (post, out) -> replaced(out, replacing)));
            }
        }
        return new DecoderLayer(
                index, config, kernels, inputLayernorm, postAttentionLayernorm, changed, biases, headNorms, maps,
                edits);
    }

    /**
     * A layer half way, where runs may part that differ in its down_proj only.
     *
     * @param h the residual stream between attention and MLP, {@code [rows, hidden]}
     * @param post the input of down_proj, {@code [rows, intermediate]}
     */
    record Middle(NDArray h, NDArray post) {
        /** The rows of some sequences of a batch. */
        Middle only(Batch batch, List<Integer> chosen) {
            return new Middle(batch.rows(h, chosen), batch.rows(post, chosen));
        }
    }

    /** The layer up to its down_proj: {@code [rows, hidden]}, in whose manager the result is. */
    Middle toDownProj(NDArray x, Batch batch) {
        batch.show(index, Site.RESID_PRE, x);
        NDArray normed = batch.show(index, Site.LN1_OUT, norm(x, inputLayernorm)); // [rows, hidden]
        NDArray h = batch.show(index, Site.RESID_MID, x.add(attention(normed, batch)));
        NDArray normedAgain = batch.show(index, Site.LN2_OUT, norm(h, postAttentionLayernorm)); // [rows, hidden]
        return new Middle(h, post(normedAgain, batch));
    }

    /** The rest of the layer: to {@code [rows, hidden]}, in the manager of what it is given. */
    NDArray fromDownProj(Middle middle, Batch batch) {
        NDArray out = batch.show(index, Site.MLP_OUT, linear(LinearLayer.DOWN_PROJ, middle.post(), batch));
        return batch.show(index, Site.RESID_POST, middle.h().add(out));
    }

    private NDArray attention(NDArray x, Batch batch) {
        Rotary angles = batch.angles();
        NDArray q = angles.turn(kernels, heads(LinearLayer.Q_PROJ, x, batch)); // [heads, rows, headDim]
        NDArray k = angles.turn(kernels, heads(LinearLayer.K_PROJ, x, batch)); // [kvHeads, rows, headDim]
        NDArray v = heads(LinearLayer.V_PROJ, x, batch); // [kvHeads, rows, headDim]
        batch.showPattern(index, q, k);
        NDArray z = batch.attend(kernels, q, k, v); // as q
        NDArray joined = z.transpose(1, 0, 2).reshape(x.getShape().get(0), -1); // [rows, heads * headDim]
        NDArray shown = batch.show(index, Site.Z, joined);
        return batch.show(index, Site.ATTN_OUT, linear(LinearLayer.O_PROJ, shown, batch));
    }

    /** The MLP up to its down_proj. */
    private NDArray post(NDArray x, Batch batch) {
        NDArray gate = linear(LinearLayer.GATE_PROJ, x, batch); // [rows, intermediate]
        NDArray up = linear(LinearLayer.UP_PROJ, x, batch); // [rows, intermediate]
        return batch.show(index, Site.MLP_POST, kernels.swiGlu(gate, up));
    }

    /** A matrix's products and bias, its input and its output changed as they are to be: {@code [rows, out]}. */
    private NDArray linear(LinearLayer matrix, NDArray x, Batch batch) {
        NDArray input = x;
        for (MapInput each : inputs) {
            input = each.matrix() == matrix ? batch.map(input, each.map()::apply) : input;
        }
        NDArray product = weights.get(matrix).times(input);
        NDArray output = biases.containsKey(matrix) ? product.addi(biases.get(matrix)) : product;
        for (OutputEdit each : outputs) {
            output = each.matrix() == matrix ? batch.map(x, output, each.edit()) : output;
        }
        return output;
    }

    private NDArray norm(NDArray x, NDArray weight) {
        return kernels.rmsNorm(x, weight, config.rmsNormEps());
    }

    /** A matrix's products by heads, each normed where they are to be: {@code [heads, rows, headDim]}. */
    private NDArray heads(LinearLayer matrix, NDArray x, Batch batch) {
        NDArray heads = linear(matrix, x, batch).reshape(x.getShape().get(0), -1, config.headDim());
        NDArray normed = headNorms.containsKey(matrix) ? norm(heads, headNorms.get(matrix)) : heads;
        return normed.transpose(1, 0, 2);
    }

    /** What is done on one token of {@code [T, hidden]}, where the original weights give the channel {@code value}. */
    private interface TokenEdit {
        NDArray apply(NDArray out, int token, float value);
    }

    /** An edit on the token of the channel's largest activation under the weights that this layer has before any change. */
    private BinaryOperator<NDArray> onSuperActivation(int channel, NDManager scope, TokenEdit edit) {
        float[] row = weights.get(LinearLayer.DOWN_PROJ).row(channel);
        NDArray weight = scope.create(row, new Shape(row.length, 1));
        return (post, out) -> {
            float[] original = post.matMul(weight).toFloatArray(); // [T]
            int token = largest(original);
            return edit.apply(out, token, original[token]);
        };
    }

    private static NDArray replaced(NDArray out, ReplaceActivation replacing) {
        return replacing.token() < out.getShape().get(0)
                ? written(out, replacing.token(), replacing.channel(), replacing.value())
                : out;
    }

    private static NDArray written(NDArray out, int token, int channel, float value) {
        out.set(new NDIndex("{}, {}", token, channel), value);
        return out;
    }

    private static int largest(float[] values) {
        return IntStream.range(1, values.length)
                .reduce(0, (best, i) -> Math.abs(values[i]) > Math.abs(values[best]) ? i : best);
    }
}
