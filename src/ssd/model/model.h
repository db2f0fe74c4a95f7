/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What this is
 *   Descriptions of drives: text (TOML, or key=value of a URI) becomes the configuration of an SSD,
 *   struct ssd_config, and back. A model is here a model of drive, such as samsung-970-pro; timing
 *   models are in ssd/time.
 *
 * Terms
 *   description  a TOML document with the settings of one drive (docs/toml.md)
 *   preset       a description that is compiled in: NAME.toml of this folder (preset.h)
 *   setting      a member of struct ssd_config, by table and key (settings.h)
 *   row          the entry of a setting in the one table of all settings (settings_rows.c)
 *   alias        the short name of a setting, in a URI
 *   used         having an effect on this drive: its timing model, the kind of the namespace, or
 *                another setting uses it (settings_used.c)
 *
 * Life cycle of a description
 *   settings_from_toml() parses it (toml.c) and stores its values over those of
 *   ssd_config_default(); settings_set() stores those of the URI. settings_check_toml() and
 *   settings_check_key() refuse keys without effect, settings_drop_unused() resets the remaining
 *   unused settings. ssd_init() checks the result, and settings_blame() adds the lines of the
 *   description to its sentence. settings_print() makes a description from a configuration.
 *
 * States
 *   None: the result of a function depends on its arguments alone. All tables are constant.
 *
 * Ownership and lifetimes
 *   Text and configuration are the caller's. A configuration has copies of the values; a parsed
 *   document (struct toml) refers to the text, which must outlive it.
 *
 * Threads
 *   Any; one at a time for a configuration.
 *
 * Errors
 *   False with a sentence: line and column in a description, the value, the valid values. The
 *   configuration may then have some of the new values. Look-ups of an unknown name return NULL.
 *
 * What it does not do
 *   It reads no file and allocates nothing. The keys of an instance (name, clock, media, ...) are
 *   in virt/spec.c. ssd_init() checks whether the values are valid together. A description has at
 *   most 256 KiB, 256 keys, 63 tables, 128 numbers in a list, 32 namespaces.
 */
#ifndef SSD_MODEL_MODEL_H
#define SSD_MODEL_MODEL_H

#include <ssd/model/preset.h>   /* the descriptions that are compiled in */
#include <ssd/model/settings.h> /* settings by name */
#include <ssd/model/toml.h>     /* the parser of the TOML subset */

#endif /* SSD_MODEL_MODEL_H */
