package superweight.cli;

import java.util.List;

/**
 * What a JSON document's numbers are about.
 *
 * @param model as it was given
 * @param text its name
 * @param textSha256 of what its windows are taken from
 * @param window tokens per window
 * @param windows how many
 * @param weights the weights that are scaled or restored, as they were given
 */
record Subject(String model, String text, String textSha256, int window, int windows, List<String> weights) {}
