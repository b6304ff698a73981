package dev.heddle.llm.types;

/**
 * Who asks. Everything that is stored belongs to one principal.
 *
 * @param id stable, not blank, at most 128 characters; it is part of storage keys
 */
public record Principal(String id) {
    /** Name under which the settings of a run carry the id of its principal. */
    public static final String SETTING = "owner";

    /** Everybody, where no authentication is configured. */
    public static final Principal LOCAL = new Principal("local");

    public Principal {
        if (id.isBlank() || id.length() > 128) {
            throw new IllegalArgumentException("Principal: bad id, expected 1 to 128 characters, got " + id.length()
                    + ". Use the subject of the token.");
        }
    }
}
