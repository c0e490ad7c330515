package superweight.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.SparseFormat;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import superweight.InvalidInputException;
import superweight.checkpoint.Checkpoint;
import superweight.checkpoint.ModelConfig;
import superweight.model.HookPoint.Site;

/**
 * A decoder-only transformer of the Llama family, run in float32.
 *
 * <p>The walk is layer-major: a layer's weights are taken once and used for all sequences before the
 * next layer is touched.
 */
public final class CausalLM implements AutoCloseable {
    private final NDManager manager;
    private final ModelConfig config;
    private final Tokenizer tokenizer;
    private final Weights weights;
    private final Kernels kernels;

    private CausalLM(Checkpoint checkpoint, NDManager manager, Kernels kernels) {
        this.manager = manager;
        this.config = checkpoint.config();
        this.tokenizer = new Tokenizer(checkpoint.tokenizer());
        this.weights = Weights.read(checkpoint, manager, kernels);
        this.kernels = kernels;
    }

    /** Reads a checkpoint whole into memory, decoded to float32. */
    public static CausalLM load(Checkpoint checkpoint) {
        return load(checkpoint, KernelChoice.here());
    }

    /** Reads a checkpoint, to be run with the kernels of one's choice. */
    public static CausalLM load(Checkpoint checkpoint, KernelChoice choice) {
        NDManager manager = TorchEngine.newManager();
        return new CausalLM(checkpoint, manager, choice.load(manager));
    }

    public ModelConfig config() {
        return config;
    }

    public Tokenizer tokenizer() {
        return tokenizer;
    }

    /**
     * Runs sequences through the decoder layers.
     *
     * @param scope owns the result
     * @param sequences token ids; each sequence is at most {@link ModelConfig#maxPositionEmbeddings} long
     * @param interventions changes to the model for this run
     * @param reader is shown every activation on the way
     * @return one final hidden state per sequence, normed, {@code [T, hidden]}
     */
    public List<NDArray> hiddenStates(
            NDManager scope,
            List<int[]> sequences,
            List<Intervention> interventions,
            ActivationReader reader) {
        List<NDArray> states = walk(scope, sequences, config.numHiddenLayers(), interventions, reader);
        states.replaceAll(h -> kernels.rmsNorm(h, weights.norm(), config.rmsNormEps()));
        return states;
    }

    /**
     * Runs a sequence through the first decoder layers, for what a reader sees there.
     *
     * @param ids token ids
     * @param layers how many layers to run, from the first on
     * @param interventions changes to the model for this run
     * @param reader is shown every activation on the way
     */
    public void read(int[] ids, int layers, List<Intervention> interventions, ActivationReader reader) {
        try (NDManager scope = newScope()) {
            walk(scope, List.of(ids), layers, interventions, reader);
        }
    }

    /** Next-token scores of some positions: hidden {@code [T, hidden]} to logits {@code [T, vocab]}. */
    public NDArray logits(NDArray hidden) {
        return kernels.linear(hidden, weights.lmHead());
    }

    /** A scope for a measurement's arrays; close it and they are gone. */
    public NDManager newScope() {
        return manager.newSubManager();
    }

    /** One weight matrix as the checkpoint holds it, row-major {@code [out, in]}. */
    public float[] weight(int layer, LinearLayer matrix) {
        return weights.layers().get(layer).values(matrix);
    }

    /** One row of a weight matrix, what makes one output channel: {@code [in]}. */
    public float[] weightRow(int layer, LinearLayer matrix, int row) {
        return weights.layers().get(layer).values(matrix, row);
    }

    /** The number of native arrays that the model holds; constant, unless a measurement leaks. */
    int nativeArrays() {
        return manager.getManagedArrays().size();
    }

    @Override
    public void close() {
        manager.close();
        tokenizer.close();
    }

    private List<NDArray> walk(
            NDManager scope,
            List<int[]> sequences,
            int layers,
            List<Intervention> interventions,
            ActivationReader reader) {
        interventions.forEach(intervention -> intervention.check(config));
        sequences.forEach(this::requireFits);
        List<NDArray> states = new ArrayList<>();
        for (int[] ids : sequences) {
            states.add(embed(ids, scope));
        }
        try (NDManager tables = scope.newSubManager()) {
            int longest = sequences.stream().mapToInt(ids -> ids.length).max().orElse(0);
            Rotary rotary = Rotary.of(tables, config, longest);
            for (int layer = 0; layer < layers; layer++) {
                runLayer(layer, states, rotary, interventions, reader, scope);
            }
        }
        return states;
    }

    private void requireFits(int[] ids) {
        if (ids.length > config.maxPositionEmbeddings()) {
            throw new InvalidInputException("The model can be run on " + config.maxPositionEmbeddings()
                    + " tokens at once at most, but the text has " + ids.length + ".");
        }
    }

    private NDArray embed(int[] ids, NDManager scope) {
        // The ids come first: an operation's result belongs to the manager of its first operand.
        NDArray rows = scope.create(ids);
        NDArray embedded = rows.getNDArrayInternal()
                .embedding(rows, weights.embedTokens(), SparseFormat.DENSE)
                .singletonOrThrow();
        rows.close();
        return embedded; // [T, hidden]
    }

    private void runLayer(
            int layer,
            List<NDArray> states,
            Rotary rotary,
            List<Intervention> interventions,
            ActivationReader reader,
            NDManager caller) {
        List<Intervention> here =
                interventions.stream().filter(each -> each.layer() == layer).toList();
        try (NDManager edits = caller.newSubManager()) {
            Weights.Layer w = weights.layers().get(layer).with(here, edits);
            for (int sequence = 0; sequence < states.size(); sequence++) {
                try (NDManager scope = caller.newSubManager()) {
                    NDArray h = states.get(sequence);
                    h.attach(scope); // the layer's input dies with its intermediate results
                    Probe probe = new Probe(reader, sequence, layer);
                    NDArray out = block(h, w, rotary.first(h.getShape().get(0), scope), probe);
                    out.attach(caller);
                    states.set(sequence, out);
                }
            }
        }
    }

    /** One decoder layer: {@code [T, hidden]} to {@code [T, hidden]}. */
    private NDArray block(NDArray x, Weights.Layer w, Rotary rotary, Probe probe) {
        probe.see(Site.RESID_PRE, x);
        NDArray h = x.add(attention(norm(x, w.inputLayernorm()), w, rotary, probe));
        probe.see(Site.RESID_MID, h);
        NDArray out = h.add(mlp(norm(h, w.postAttentionLayernorm()), w, probe));
        return probe.see(Site.RESID_POST, out);
    }

    private NDArray attention(NDArray x, Weights.Layer w, Rotary rotary, Probe probe) {
        NDArray q = heads(kernels.linear(x, w.get(LinearLayer.Q_PROJ)));
        NDArray k = heads(kernels.linear(x, w.get(LinearLayer.K_PROJ)));
        NDArray v = heads(kernels.linear(x, w.get(LinearLayer.V_PROJ)));
        NDArray z = kernels.attention(rotate(q, rotary), rotate(k, rotary), v); // [heads, T, headDim]
        NDArray joined = z.transpose(1, 0, 2).reshape(x.getShape().get(0), -1); // [T, heads * headDim]
        return probe.see(Site.ATTN_OUT, kernels.linear(joined, w.get(LinearLayer.O_PROJ)));
    }

    private NDArray mlp(NDArray x, Weights.Layer w, Probe probe) {
        NDArray gate = kernels.linear(x, w.get(LinearLayer.GATE_PROJ)); // [T, intermediate]
        NDArray up = kernels.linear(x, w.get(LinearLayer.UP_PROJ)); // [T, intermediate]
        NDArray post = probe.see(Site.MLP_POST, kernels.swiGlu(gate, up));
        NDArray out = kernels.linear(post, w.get(LinearLayer.DOWN_PROJ)); // [T, hidden]
        w.restored().forEach(channel -> restore(out, post, channel));
        return probe.see(Site.MLP_OUT, out);
    }

    /** Puts one activation back into {@code out}: the channel's largest under the original weights. */
    private void restore(NDArray out, NDArray post, Weights.RestoredChannel channel) {
        float[] original = kernels.linear(post, channel.weights()).toFloatArray(); // [T]
        int token = IntStream.range(0, original.length).boxed()
                .max(Comparator.comparingDouble(t -> Math.abs(original[t])))
                .orElseThrow();
        out.set(new NDIndex("{}, {}", token, channel.index()), original[token]);
    }

    private NDArray rotate(NDArray x, Rotary rotary) {
        return kernels.rotate(x, rotary.cos(), rotary.sin());
    }

    private NDArray norm(NDArray x, NDArray weight) {
        return kernels.rmsNorm(x, weight, config.rmsNormEps());
    }

    /** {@code [T, heads * headDim]} to {@code [heads, T, headDim]}. */
    private NDArray heads(NDArray x) {
        return x.reshape(x.getShape().get(0), -1, config.headDim()).transpose(1, 0, 2);
    }

    /** Shows the activations of one sequence in one layer to the reader. */
    private record Probe(ActivationReader reader, int sequence, int layer) {
        NDArray see(Site site, NDArray activation) {
            reader.read(sequence, new HookPoint(layer, site), activation);
            return activation;
        }
    }

    /**
     * The angles of {@link Kernels#rotate}. One table serves all layers and sequences.
     *
     * @param cos {@code [T, headDim / 2]}
     * @param sin {@code [T, headDim / 2]}
     */
    private record Rotary(NDArray cos, NDArray sin) {
        static Rotary of(NDManager scope, ModelConfig config, long tokens) {
            int half = config.headDim() / 2;
            float[] frequency = new float[half];
            for (int i = 0; i < half; i++) {
                // Rounded to float32 before the division, as the reference does.
                frequency[i] = config.ropeScaling()
                        .scaled(1 / (float) Math.pow(config.ropeTheta(), 2.0 * i / config.headDim()));
            }
            NDArray angle = scope.arange((float) tokens)
                    .reshape(tokens, 1)
                    .mul(scope.create(frequency)); // [T, headDim / 2]
            return new Rotary(angle.cos(), angle.sin());
        }

        /** The table of the first positions only, in {@code scope}. */
        Rotary first(long tokens, NDManager scope) {
            NDIndex rows = new NDIndex(":{}", tokens);
            Rotary first = new Rotary(cos.get(rows), sin.get(rows)); // views
            first.cos.attach(scope);
            first.sin.attach(scope);
            return first;
        }
    }
}
