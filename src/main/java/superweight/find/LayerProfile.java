package superweight.find;

/**
 * The largest activations around one layer's down_proj: a point of each curve of the paper's Figure 3.
 *
 * @param layer decoder layer, from 0
 * @param input of down_proj, a channel of the MLP's intermediate activation
 * @param output of down_proj, a channel of the residual stream
 */
public record LayerProfile(int layer, Spike input, Spike output) {}
