package dev.heddle.local.gateway;

/** One header line of an HTTP message; the name as it was written. */
record Header(String name, String value) {

    /** Names of headers do not differ by case. */
    boolean is(String other) {
        return name.equalsIgnoreCase(other);
    }
}
