package superweight.model;

import java.util.Map;
import java.util.Optional;
import superweight.checkpoint.ModelConfig;
import superweight.checkpoint.RandomLlama;

/**
 * The Llama forward pass as its definition reads, in loops over doubles: slow, and without an
 * operation in common with the library.
 */
public final class ReferenceForward {
    private final ModelConfig config;
    private final Map<String, float[]> weights;

    private final Optional<Restored> restored;

    private ReferenceForward(RandomLlama model, Optional<Restored> restored) {
        this.config = model.config();
        this.weights = model.weights();
        this.restored = restored;
    }

    /**
     * The super activation is to be put back.
     *
     * @param original the model whose largest activation it is
     * @param layer decoder layer, from 0
     * @param channel output channel of down_proj
     */
    record Restored(RandomLlama original, int layer, int channel) {}

    /** Next-token scores after every position: {@code [T][vocab]}. */
    public static double[][] logits(RandomLlama model, int[] ids) {
        return new ReferenceForward(model, Optional.empty()).run(ids);
    }

    /** The same of a changed model, with one activation put back. */
    static double[][] logits(RandomLlama changed, int[] ids, Restored restored) {
        return new ReferenceForward(changed, Optional.of(restored)).run(ids);
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
            add(h, attention(norm(h, prefix + "input_layernorm.weight"), prefix + "self_attn."));
            add(h, mlp(norm(h, prefix + "post_attention_layernorm.weight"), layer));
        }
        String head = config.tieWordEmbeddings() ? "model.embed_tokens.weight" : "lm_head.weight";
        return linear(norm(h, "model.norm.weight"), head);
    }

    private double[][] attention(double[][] x, String prefix) {
        int headDim = config.headDim();
        int heads = config.numAttentionHeads();
        int share = heads / config.numKeyValueHeads();
        double[][] q = rotated(linear(x, prefix + "q_proj.weight"));
        double[][] k = rotated(linear(x, prefix + "k_proj.weight"));
        double[][] v = linear(x, prefix + "v_proj.weight");
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
                    for (int i = 0; i < headDim; i++) {
                        z[t][own + i] += weight[s] / total * v[s][shared + i];
                    }
                }
            }
        }
        return linear(z, prefix + "o_proj.weight");
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
        String prefix = "model.layers." + layer + ".mlp.";
        double[][] gate = linear(x, prefix + "gate_proj.weight");
        double[][] up = linear(x, prefix + "up_proj.weight");
        for (int t = 0; t < x.length; t++) {
            for (int i = 0; i < gate[t].length; i++) {
                gate[t][i] *= up[t][i] / (1 + Math.exp(-gate[t][i]));
            }
        }
        double[][] out = linear(gate, prefix + "down_proj.weight");
        restored.filter(each -> each.layer == layer).ifPresent(each -> restore(out, gate, each));
        return out;
    }

    private static void restore(double[][] out, double[][] post, Restored restored) {
        String downProj = "model.layers." + restored.layer + ".mlp.down_proj.weight";
        double[][] original =
                new ReferenceForward(restored.original, Optional.empty()).linear(post, downProj);
        int channel = restored.channel;
        int largest = 0;
        for (int t = 1; t < out.length; t++) {
            largest = Math.abs(original[t][channel]) > Math.abs(original[largest][channel]) ? t : largest;
        }
        out[largest][channel] = original[largest][channel];
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
