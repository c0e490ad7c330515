package superweight.model;

import java.util.Arrays;
import java.util.stream.Stream;
import superweight.checkpoint.RandomLlama;

/**
 * A way to run a model; all of them give the same.
 *
 * @param residence where its weights are kept
 * @param kernels what multiplies by them
 */
record ModelVariant(Residence residence, KernelChoice kernels) {
    static Stream<ModelVariant> all() {
        return Arrays.stream(Residence.values())
                .flatMap(residence -> Arrays.stream(KernelChoice.values())
                        .map(kernels -> new ModelVariant(residence, kernels)));
    }

    CausalLM load(RandomLlama model) {
        return model.load(residence, kernels);
    }
}
