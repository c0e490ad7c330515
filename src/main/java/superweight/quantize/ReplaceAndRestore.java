package superweight.quantize;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import superweight.InvalidInputException;
import superweight.model.TensorMap;

/**
 * Activations quantized without their super activation: {@code RESTORE(Q^-1(Q(REPLACE(A))))} (paper section 4.1,
 * equation 1). A median stands in for it, so that it does not stretch the range, and afterwards it is what it was.
 *
 * @param outlier which one activation of a text's it is
 * @param standIn what replaces it
 * @param quantizer what is done to the tensor meanwhile
 */
public record ReplaceAndRestore(Outlier outlier, StandIn standIn, TensorMap quantizer) implements TensorMap {
    /**
     * @param activations {@code [T, channels]} of one text
     * @throws InvalidInputException if the super activation is not a finite number
     */
    @Override
    public NDArray apply(NDArray activations) {
        Outlier.Place place = outlier.in(activations);
        NDIndex at = new NDIndex("{}, {}", place.token(), place.channel());
        float superActivation = activations.getFloat(place.token(), place.channel());
        if (!Float.isFinite(superActivation)) {
            throw new InvalidInputException("The super activation must be a finite number, but it is "
                    + superActivation + " on token " + place.token() + " in channel " + place.channel() + ".");
        }
        NDArray replaced = activations.duplicate();
        replaced.set(at, standIn.of(activations, place.token()));
        NDArray quantized = quantizer.apply(replaced);
        quantized.set(at, superActivation);
        return quantized;
    }
}
