package superweight.model;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import superweight.checkpoint.ModelConfig;
import superweight.checkpoint.RandomLlama;

/**
 * The forward pass of the Llama family as its definition reads, in loops over doubles: slow, and without an
 * operation in common with the library.
 */
public final class ReferenceForward {
    private final ModelConfig config;
    private final Map<String, float[]> weights;
    private final List<Change> changes;

    private ReferenceForward(RandomLlama model, List<Change> changes) {
        this.config = model.config();
        this.weights = model.weights();
        this.changes = changes;
    }

    /** Something that is done to activations, or looks at them. */
    interface Change {
        /** What a matrix is multiplied by instead of {@code x}: {@code [T][in]}. */
        default double[][] input(int layer, LinearLayer matrix, double[][] x) {
            return x;
        }

        /** What is used instead of what a matrix gives: {@code [T][out]}. */
        default double[][] product(int layer, LinearLayer matrix, double[][] y) {
            return y;
        }

        /**
         * @param post the input of down_proj, {@code [T][intermediate]}
         * @param out its output, {@code [T][hidden]}, to be written to
         */
        default void output(int layer, double[][] post, double[][] out) {}

        /**
         * Looks at attention.
         *
         * @param probabilities of the tokens up to the query, {@code [query + 1]}
         */
        default void pattern(int layer, int head, int query, double[] probabilities) {}
    }

    /**
     * The super activation is put back.
     *
     * @param original the model whose largest activation it is
     * @param at decoder layer, from 0
     * @param channel output channel of down_proj
     */
    record Restored(RandomLlama original, int at, int channel) implements Change {
        @Override
        public void output(int layer, double[][] post, double[][] out) {
            if (layer != at) {
                return;
            }
            double[][] unchanged = new ReferenceForward(original, List.of())
                    .linear(post, LinearLayer.DOWN_PROJ.weightName(layer));
            int largest = 0;
            for (int t = 1; t < out.length; t++) {
                largest = Math.abs(unchanged[t][channel]) > Math.abs(unchanged[largest][channel]) ? t : largest;
            }
            out[largest][channel] = unchanged[largest][channel];
        }
    }

    /** Next-token scores after every position: {@code [T][vocab]}. */
    public static double[][] logits(RandomLlama model, int[] ids) {
        return logits(model, ids, List.of());
    }

    /** The same with activations changed, in the order of the changes. */
    static double[][] logits(RandomLlama model, int[] ids, List<Change> changes) {
        return new ReferenceForward(model, changes).run(ids);
    }

    /** Mean negative log-likelihood of tokens 1.. given those before. */
    public static double meanNll(RandomLlama model, int[] ids) {
        double[][] logits = logits(model, ids);
        double sum = 0;
        for (int t = 0; t + 1 < ids.length; t++) {
            double total = 0;
            for (double logit : logits[t]) {
                total += Math.exp(logit);
            }
            sum += Math.log(total) - logits[t][ids[t + 1]];
        }
        return sum / (ids.length - 1);
    }

    private double[][] run(int[] ids) {
        double[][] h = new double[ids.length][config.hiddenSize()];
        float[] embedding = weights.get("model.embed_tokens.weight");
        for (int t = 0; t < ids.length; t++) {
            for (int c = 0; c < config.hiddenSize(); c++) {
                h[t][c] = embedding[ids[t] * config.hiddenSize() + c];
            }
        }
        for (int layer = 0; layer < config.numHiddenLayers(); layer++) {
            String prefix = "model.layers." + layer + ".";
            add(h, attention(norm(h, prefix + "input_layernorm.weight"), layer));
            add(h, mlp(norm(h, prefix + "post_attention_layernorm.weight"), layer));
        }
        String head = config.tieWordEmbeddings() ? "model.embed_tokens.weight" : "lm_head.weight";
        return linear(norm(h, "model.norm.weight"), head);
    }

    private double[][] attention(double[][] x, int layer) {
        int headDim = config.headDim();
        int heads = config.numAttentionHeads();
        int share = heads / config.numKeyValueHeads();
        double[][] q = rotated(normedByHead(linear(x, layer, LinearLayer.Q_PROJ), layer, "self_attn.q_norm.weight"));
        double[][] k = rotated(normedByHead(linear(x, layer, LinearLayer.K_PROJ), layer, "self_attn.k_norm.weight"));
        double[][] v = linear(x, layer, LinearLayer.V_PROJ);
        double[][] z = new double[x.length][heads * headDim];
        for (int head = 0; head < heads; head++) {
            int own = head * headDim;
            int shared = head / share * headDim;
            for (int t = 0; t < x.length; t++) {
                double[] weight = new double[t + 1];
                double total = 0;
                for (int s = 0; s <= t; s++) {
                    double score = 0;
                    for (int i = 0; i < headDim; i++) {
                        score += q[t][own + i] * k[s][shared + i];
                    }
                    weight[s] = Math.exp(score / Math.sqrt(headDim));
                    total += weight[s];
                }
                for (int s = 0; s <= t; s++) {
                    weight[s] /= total;
                    for (int i = 0; i < headDim; i++) {
                        z[t][own + i] += weight[s] * v[s][shared + i];
                    }
                }
                for (Change change : changes) {
                    change.pattern(layer, head, t, weight);
                }
            }
        }
        return linear(z, layer, LinearLayer.O_PROJ);
    }

    /** An RMSNorm of each head by itself, in a family that has it. */
    private double[][] normedByHead(double[][] x, int layer, String norm) {
        String name = "model.layers." + layer + "." + norm;
        if (!weights.containsKey(name)) {
            return x;
        }
        double[][] normed = new double[x.length][x[0].length];
        for (int from = 0; from < x[0].length; from += config.headDim()) {
            double[][] head = new double[x.length][];
            for (int t = 0; t < x.length; t++) {
                head[t] = Arrays.copyOfRange(x[t], from, from + config.headDim());
            }
            head = norm(head, name);
            for (int t = 0; t < x.length; t++) {
                System.arraycopy(head[t], 0, normed[t], from, config.headDim());
            }
        }
        return normed;
    }

    /** Rotary embedding in Hugging Face's layout: channel i of a head turns with channel i + headDim / 2. */
    private double[][] rotated(double[][] x) {
        int half = config.headDim() / 2;
        double[][] turned = new double[x.length][x[0].length];
        for (int t = 0; t < x.length; t++) {
            for (int head = 0; head < x[t].length; head += config.headDim()) {
                for (int i = 0; i < half; i++) {
                    double angle = t * Math.pow(config.ropeTheta(), -2.0 * i / config.headDim());
                    double first = x[t][head + i];
                    double second = x[t][head + half + i];
                    turned[t][head + i] = first * Math.cos(angle) - second * Math.sin(angle);
                    turned[t][head + half + i] = second * Math.cos(angle) + first * Math.sin(angle);
                }
            }
        }
        return turned;
    }

    private double[][] mlp(double[][] x, int layer) {
        double[][] post = linear(x, layer, LinearLayer.GATE_PROJ);
        double[][] up = linear(x, layer, LinearLayer.UP_PROJ);
        for (int t = 0; t < x.length; t++) {
            for (int i = 0; i < post[t].length; i++) {
                post[t][i] *= up[t][i] / (1 + Math.exp(-post[t][i]));
            }
        }
        double[][] out = linear(post, layer, LinearLayer.DOWN_PROJ);
        changes.forEach(change -> change.output(layer, post, out));
        return out;
    }

    private double[][] norm(double[][] x, String name) {
        float[] weight = weights.get(name);
        double[][] normed = new double[x.length][weight.length];
        for (int t = 0; t < x.length; t++) {
            double squares = 0;
            for (double value : x[t]) {
                squares += value * value;
            }
            double rms = Math.sqrt(squares / weight.length + config.rmsNormEps());
            for (int c = 0; c < weight.length; c++) {
                normed[t][c] = x[t][c] / rms * weight[c];
            }
        }
        return normed;
    }

    private double[][] linear(double[][] x, int layer, LinearLayer matrix) {
        double[][] input = x;
        for (Change change : changes) {
            input = change.input(layer, matrix, input);
        }
        double[][] product = linear(input, matrix.weightName(layer));
        float[] bias = weights.getOrDefault(matrix.biasName(layer), new float[product[0].length]);
        for (double[] row : product) {
            for (int i = 0; i < row.length; i++) {
                row[i] += bias[i];
            }
        }
        for (Change change : changes) {
            product = change.product(layer, matrix, product);
        }
        return product;
    }

    private double[][] linear(double[][] x, String name) {
        float[] weight = weights.get(name);
        int in = x[0].length;
        int out = weight.length / in;
        double[][] y = new double[x.length][out];
        for (int t = 0; t < x.length; t++) {
            for (int row = 0; row < out; row++) {
                for (int column = 0; column < in; column++) {
                    y[t][row] += weight[row * in + column] * x[t][column];
                }
            }
        }
        return y;
    }

    private static void add(double[][] h, double[][] y) {
        for (int t = 0; t < h.length; t++) {
            for (int c = 0; c < h[t].length; c++) {
                h[t][c] += y[t][c];
            }
        }
    }
}
