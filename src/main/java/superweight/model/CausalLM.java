package superweight.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import superweight.InvalidInputException;
import superweight.Progress;
import superweight.checkpoint.Checkpoint;
import superweight.checkpoint.ModelConfig;

/** A decoder-only transformer of the Llama family, run in float32. */
public final class CausalLM implements AutoCloseable {
    private final NDManager manager;
    private final ModelConfig config;
    private final Tokenizer tokenizer;
    private final Residence residence;
    private final Identity identity;
    private final Weights weights;

    private CausalLM(Checkpoint checkpoint, NDManager manager, Residence residence, Kernels kernels) {
        this.manager = manager;
        this.config = checkpoint.config();
        this.residence = residence;
        this.weights = switch (residence) {
            case MEMORY -> ResidentWeights.read(checkpoint, manager, kernels);
            case DISK -> new StreamedWeights(checkpoint, manager, kernels.forStoredWeights());
        };
        this.identity = new Identity(checkpoint.path().toAbsolutePath().toString(), weights.kernels().name());
        this.tokenizer = new Tokenizer(checkpoint.tokenizer()); // last: the manager does not own it
    }

    /** Opens a checkpoint: its weights are read into memory where they fit, else whenever they are used. */
    public static CausalLM load(Checkpoint checkpoint) {
        return load(checkpoint, Residence.fitting(checkpoint), KernelChoice.here());
    }

    /** Opens a checkpoint, its weights to be kept where one likes and run with the kernels of one's choice. */
    public static CausalLM load(Checkpoint checkpoint, Residence residence, KernelChoice choice) {
        NDManager manager = TorchEngine.newManager();
        try {
            return new CausalLM(checkpoint, manager, residence, choice.load(manager));
        } catch (RuntimeException | Error e) {
            manager.close();
            throw e;
        }
    }

    public ModelConfig config() {
        return config;
    }

    public Tokenizer tokenizer() {
        return tokenizer;
    }

    /** Where the weights are kept. */
    public Residence residence() {
        return residence;
    }

    /**
     * What tells this model's results from those of another one.
     *
     * @param checkpoint path of its file or folder
     * @param kernels the name of what computes
     */
    public record Identity(String checkpoint, String kernels) {}

    /** Which model, run how. */
    public Identity identity() {
        return identity;
    }

    /**
     * Begins a walk through the first decoder layers.
     *
     * @param sequences what is read
     * @param layers how many layers, from the first on
     */
    public Walk walk(List<Sequence> sequences, int layers) {
        sequences.forEach(this::requireFits);
        return new Walk(manager, config, weights, sequences, layers);
    }

    /**
     * Takes runs through all decoder layers.
     *
     * @param scope owns the result
     * @param sequences what is read; each text at most {@link ModelConfig#maxPositionEmbeddings} tokens long
     * @param runs which of the sequences through which changed model
     * @param reader is shown every activation on the way
     * @return the final hidden state of each run, normed, {@code [T, hidden]}; one array for runs that are equal
     */
    public List<NDArray> hiddenStates(
            NDManager scope,
            List<Sequence> sequences,
            List<ForwardPass> runs,
            ActivationReader reader,
            Progress progress) {
        try (Walk walk = walk(sequences, config.numHiddenLayers())) {
            walk.through(runs, reader, progress);
            return walk.states(runs, state -> {
                NDArray normed = weights.kernels().rmsNorm(state, weights.norm(), config.rmsNormEps());
                normed.attach(scope);
                return normed;
            });
        }
    }

    /** The same of single texts, each through the same changed model. */
    public List<NDArray> hiddenStates(
            NDManager scope, List<int[]> texts, List<Intervention> interventions, ActivationReader reader) {
        return hiddenStates(
                scope,
                texts.stream().map(Sequence::of).toList(),
                IntStream.range(0, texts.size()).mapToObj(text -> new ForwardPass(text, interventions)).toList(),
                reader,
                Progress.NONE);
    }

    /**
     * Runs a text through the first decoder layers, for what a reader sees there.
     *
     * @param ids token ids
     * @param layers how many layers to run, from the first on
     * @param interventions changes to the model for this run
     * @param reader is shown every activation on the way
     */
    public void read(int[] ids, int layers, List<Intervention> interventions, ActivationReader reader) {
        try (Walk walk = walk(List.of(Sequence.of(ids)), layers)) {
            walk.through(List.of(new ForwardPass(0, interventions)), reader, Progress.NONE);
        }
    }

    /** The output projection. What it takes beyond the weights in memory belongs to {@code scope}. */
    public LmHead lmHead(NDManager scope) {
        return weights.lmHead(scope);
    }

    /** A scope for a measurement's arrays; close it and they are gone. */
    public NDManager newScope() {
        return manager.newSubManager();
    }

    /** One weight matrix as the checkpoint holds it, row-major {@code [out, in]}. */
    public float[] weight(int layer, LinearLayer matrix) {
        return weights.values(layer, matrix);
    }

    /** The same outside the heap, which a large matrix may not fit into: a copy in {@code scope}, {@code [out, in]}. */
    public NDArray weight(int layer, LinearLayer matrix, NDManager scope) {
        return weights.plain(layer, matrix, scope);
    }

    /** One row of a weight matrix, what makes one output channel: {@code [in]}. */
    public float[] weightRow(int layer, LinearLayer matrix, int row) {
        return weights.row(layer, matrix, row);
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

    private void requireFits(Sequence sequence) {
        if (sequence.longest() > config.maxPositionEmbeddings()) {
            throw new InvalidInputException("The model can be run on " + config.maxPositionEmbeddings()
                    + " tokens at once at most, but the text has " + sequence.longest() + ".");
        }
    }
}
