package superweight.checkpoint;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import superweight.model.CausalLM;
import superweight.model.KernelChoice;
import superweight.model.Residence;

/**
 * A model of the Llama family of random float32 weights, small enough to be computed by hand, with a byte-level
 * tokenizer that knows lower-case words.
 *
 * @param config its sizes; the vocabulary is always that of {@link #TOKENS}
 * @param bosId the token that begins a sequence, if it is to have one
 * @param weights every weight by its Hugging Face name, row-major
 */
public record RandomLlama(ModelConfig config, OptionalInt bosId, Map<String, float[]> weights) {
    public static final int BOS = 0;
    public static final int EOS = 1;
    public static final List<String> TOKENS = tokens();

    /** Weights about as large as trained ones: activations keep their order of magnitude from layer to layer. */
    public static RandomLlama of(ModelConfig config, long seed) {
        Random random = new Random(seed);
        Map<String, float[]> weights = new LinkedHashMap<>();
        for (LlamaWeight weight : LlamaWeight.of(config)) {
            weights.put(weight.name(), random(weight.shape(), random));
        }
        return new RandomLlama(config, OptionalInt.of(BOS), weights);
    }

    /** Three layers, 24 wide, four query heads over two key heads of 8, tied. */
    public static RandomLlama small() {
        return of(config(3, 24, 40, 2, 8, true), 1);
    }

    public static ModelConfig config(
            int layers, int hidden, int intermediate, int kvHeads, int headDim, boolean tied) {
        return new ModelConfig(
                Family.LLAMA, layers, hidden, intermediate, 4, kvHeads, headDim, 10_000, RopeScaling.NONE, 1e-5f,
                TOKENS.size(), 1024, tied);
    }

    /** The same sizes in another family. */
    public static ModelConfig in(Family family, ModelConfig config) {
        return new ModelConfig(
                family, config.numHiddenLayers(), config.hiddenSize(), config.intermediateSize(),
                config.numAttentionHeads(), config.numKeyValueHeads(), config.headDim(), config.ropeTheta(),
                config.ropeScaling(), config.rmsNormEps(), config.vocabSize(), config.maxPositionEmbeddings(),
                config.tieWordEmbeddings());
    }

    public RandomLlama withoutBos() {
        return new RandomLlama(config, OptionalInt.empty(), weights);
    }

    /** The same model with other numbers in one weight. */
    public RandomLlama with(String name, float[] values) {
        Map<String, float[]> changed = new LinkedHashMap<>(weights);
        changed.put(name, values.clone());
        return new RandomLlama(config, bosId, changed);
    }

    /** The same model with one number multiplied by a factor. */
    public RandomLlama scaled(String name, int index, float factor) {
        float[] values = weights.get(name).clone();
        values[index] *= factor;
        return with(name, values);
    }

    /** Writes the model as a GGUF file and reads that. */
    public CausalLM load() {
        return load(KernelChoice.here());
    }

    public CausalLM load(KernelChoice kernels) {
        return load(Residence.MEMORY, kernels);
    }

    /** The file stays while the tests run, since weights may be read from it at any time. */
    public CausalLM load(Residence residence, KernelChoice kernels) {
        try {
            Path file = Files.createTempFile("random-llama", ".gguf");
            file.toFile().deleteOnExit();
            return CausalLM.load(Checkpoints.open(writeTo(file)), residence, kernels);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Path writeTo(Path file) {
        return gguf().writeTo(file);
    }

    GgufBytes gguf() {
        GgufBytes gguf = metadata();
        for (LlamaWeight weight : LlamaWeight.of(config)) {
            List<Long> shape = weight.shape().dimensions();
            long[] innermostFirst = new long[shape.size()];
            for (int i = 0; i < innermostFirst.length; i++) {
                innermostFirst[i] = shape.get(shape.size() - 1 - i);
            }
            float[] values = weights.get(weight.name());
            gguf.floats(
                    weight.ggufName(),
                    weight.rotaryHeads() == 0 ? values : permuted(values, weight),
                    innermostFirst);
        }
        return gguf;
    }

    private GgufBytes metadata() {
        GgufBytes gguf = new GgufBytes()
                .string("general.architecture", config.family().toString())
                .uint32(config.family() + ".block_count", config.numHiddenLayers())
                .uint32(config.family() + ".context_length", config.maxPositionEmbeddings())
                .uint32(config.family() + ".embedding_length", config.hiddenSize())
                .uint32(config.family() + ".feed_forward_length", config.intermediateSize())
                .uint32(config.family() + ".attention.head_count", config.numAttentionHeads())
                .uint32(config.family() + ".attention.head_count_kv", config.numKeyValueHeads())
                .uint32(config.family() + ".attention.key_length", config.headDim())
                .float32(config.family() + ".rope.freq_base", (float) config.ropeTheta())
                .float32(config.family() + ".attention.layer_norm_rms_epsilon", (float) config.rmsNormEps())
                .string("tokenizer.ggml.model", "gpt2")
                .string("tokenizer.ggml.pre", "smollm")
                .strings("tokenizer.ggml.tokens", TOKENS)
                .int32s("tokenizer.ggml.token_type", types())
                .strings("tokenizer.ggml.merges", List.of("t h", "a n"))
                .uint32("tokenizer.ggml.eos_token_id", EOS)
                .bool("tokenizer.ggml.add_bos_token", 0);
        bosId.ifPresent(id -> gguf.uint32("tokenizer.ggml.bos_token_id", id));
        return gguf;
    }

    /** GGUF's order of query and key rows: within a head the two halves take turns. */
    private float[] permuted(float[] values, LlamaWeight weight) {
        int columns = config.hiddenSize();
        int headDim = config.headDim();
        float[] stored = new float[values.length];
        for (int row = 0; row < values.length / columns; row++) {
            int inHead = row % headDim;
            int to = row - inHead + (inHead < headDim / 2 ? 2 * inHead : 2 * inHead - headDim + 1);
            System.arraycopy(values, row * columns, stored, to * columns, columns);
        }
        return stored;
    }

    private static float[] random(Shape shape, Random random) {
        float[] values = new float[Math.toIntExact(shape.elements())];
        boolean vector = shape.dimensions().size() == 1;
        double spread = vector ? 0.2 : 1.5 / Math.sqrt(shape.dimensions().get(1));
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (random.nextGaussian() * spread + (vector ? 1 : 0));
        }
        return values;
    }

    private static List<String> tokens() {
        List<String> tokens = new ArrayList<>(List.of("<s>", "</s>"));
        for (char letter = 'a'; letter <= 'z'; letter++) {
            tokens.add(String.valueOf(letter));
        }
        // Byte-level BPE writes a space as \u0120 and a newline as \u010a.
        tokens.addAll(List.of("\u0120", "\u010a", ".", ",", "0", "1", "2", "3", "4", "5", "th", "an"));
        return List.copyOf(tokens);
    }

    private static List<Integer> types() {
        List<Integer> types = new ArrayList<>(List.of(3, 3));
        while (types.size() < TOKENS.size()) {
            types.add(1);
        }
        return types;
    }
}
