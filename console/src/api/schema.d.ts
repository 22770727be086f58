/** Generated from the program's OpenAPI by `python console/build.py types`. Change `web/api/types.py` instead. */

export interface paths {
    "/api/v1/accounts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Accounts, by number
         * @description A page of the accounts. They are found by number and site; no name of an account is ever searched.
         */
        get: operations["read_accounts"];
        put?: never;
        /**
         * Make an account
         * @description Make an account. Open incidents of its number, from when it was unknown, move to it.
         */
        post: operations["make_account"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/accounts/{account_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One account
         * @description One account, whole, but for its key.
         */
        get: operations["read_account_item"];
        /**
         * Change an account
         * @description Put an account in place of what it is; without `key` it keeps the one that it has.
         */
        put: operations["change_account"];
        post?: never;
        /**
         * Remove an account
         * @description Remove an account that has no open incident, with its zones. Its key and its names are destroyed.
         */
        delete: operations["remove_account"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/accounts/{account_id}/signals": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Signals of an account
         * @description What an account sent, newest first, and where each signal ended; without any sealed text.
         */
        get: operations["read_signals"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/accounts/{account_id}/zones": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Zones of an account
         * @description Every zone of an account.
         */
        get: operations["read_zones"];
        /**
         * Set the zones of an account
         * @description Let an account have these zones and no others.
         */
        put: operations["set_zones"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/catalogue": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The catalogue
         * @description Every incident type with its meaning, questions and checks; dispositions, reasons for reopening.
         */
        get: operations["read_catalogue"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/desk/sound-check": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sound check
         * @description Note whether the person at the desk heard the sounds.
         */
        post: operations["check_sound"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/export/accounts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Export accounts
         * @description A file of every row, without any key. Importing it again changes nothing.
         */
        get: operations["export_accounts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/export/sites": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Export sites
         * @description A file of every row, without any key. Importing it again changes nothing.
         */
        get: operations["export_sites"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/export/zones": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Export zones
         * @description A file of every row, without any key. Importing it again changes nothing.
         */
        get: operations["export_zones"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/frame": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Explain a frame
         * @description Judge a frame as a receiver would, part by part; nothing is stored, nobody is answered.
         */
        post: operations["explain_frame"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/import/accounts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Import accounts
         * @description Import a file, CSV or JSON: the whole file or nothing. The body is the file itself.
         *
         *     With `dry_run` mistakes are listed in the answer; without, they are a problem with code `import.rows`.
         */
        post: operations["import_accounts"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/import/sites": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Import sites
         * @description Import a file, CSV or JSON: the whole file or nothing. The body is the file itself.
         *
         *     With `dry_run` mistakes are listed in the answer; without, they are a problem with code `import.rows`.
         */
        post: operations["import_sites"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/import/zones": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Import zones
         * @description Import a file, CSV or JSON: the whole file or nothing. The body is the file itself.
         *
         *     With `dry_run` mistakes are listed in the answer; without, they are a problem with code `import.rows`.
         */
        post: operations["import_zones"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/incidents": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The queue, or what was closed
         * @description A page of incidents: open ones from memory, most urgent first; closed ones latest first.
         */
        get: operations["read_incidents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/incidents/{incident_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One incident, whole
         * @description An incident with its place, time line and signals.
         */
        get: operations["read_incident"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/incidents/{incident_id}/claim": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Claim
         * @description Take an incident, by name; `take_over` takes it from whoever has it.
         */
        post: operations["claim"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/incidents/{incident_id}/close": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Close
         * @description End an incident with a coded outcome.
         */
        post: operations["close"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/incidents/{incident_id}/note": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Note
         * @description Write a note. Its words lie sealed; facts and the live stream say only that there is one.
         */
        post: operations["note"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/incidents/{incident_id}/release": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Release
         * @description Give an incident back to the queue; it sounds again.
         */
        post: operations["release"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/incidents/{incident_id}/reopen": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Reopen
         * @description Take up a closed incident again; it is claimed by whoever reopens it.
         */
        post: operations["reopen"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/incidents/{incident_id}/texts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Texts of an incident
         * @description Notes, and texts of signals. Each person's first reading of each claim is a fact in the journal.
         */
        get: operations["read_texts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/journal": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The journal
         * @description A page of entries, newest first: all, those of one kind, or the one of a number.
         *
         *     Nothing sealed is in it. A person's first page in each quarter of an hour is a fact, `journal.read`.
         */
        get: operations["read_journal"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What changes, as it changes
         * @description Tell what changes from an id on; without one, from now on: events `delta`, `beat` and `reset`.
         */
        get: operations["live"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/places": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Names of accounts, sites and zones
         * @description Names of accounts by id, with their sites and zones. An account that is not there is left out.
         */
        get: operations["read_places"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/profiles": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Makers whose panels are known
         * @description What an account's `profile` may be, what it fills in, and what is known of such panels.
         */
        get: operations["read_profiles"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/rejected-frames": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Frames that were not accepted
         * @description The newest frames that were refused or not read, without their content and their sender.
         */
        get: operations["read_rejected"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/rejected-frames/open": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Open rejected frames
         * @description Show the bytes and the senders of rejected frames. Who opened them, and why, is a fact before it is shown.
         */
        post: operations["open_rejected"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Who is signed in
         * @description Who is signed in here, what they may, and what to send with whatever changes something.
         */
        get: operations["read_session"];
        put?: never;
        post?: never;
        /**
         * Sign out
         * @description End this session; its cookie opens nothing any more.
         */
        delete: operations["end_session"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sites": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Sites, by name
         * @description A page of the sites. `name` finds places alone: nothing here looks for people.
         */
        get: operations["read_sites"];
        put?: never;
        /**
         * Make a site
         * @description Make a site; no other may have its name.
         */
        post: operations["make_site"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sites/{site_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One site
         * @description One site with its texts.
         */
        get: operations["read_site"];
        /**
         * Change a site
         * @description Put a site in place of what it is; refused with how it is now where somebody changed it since.
         */
        put: operations["change_site"];
        post?: never;
        /**
         * Remove a site
         * @description Remove a site where no account stands and no incident is open; its texts are destroyed.
         */
        delete: operations["remove_site"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How the centre is
         * @description Whether everything is ready, what is missing, when the last signal came, how much is open.
         */
        get: operations["read_status"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/unknown-accounts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Numbers that nobody entered
         * @description The numbers that send, newest first, with known ones that they resemble; and those that are refused.
         */
        get: operations["read_unknown"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/unknown-accounts/accept": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * It is one of ours
         * @description Make an account of a number that is listed. Open incidents of the number move to it and to its site.
         */
        post: operations["accept_unknown"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/unknown-accounts/refuse": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * It is none of ours
         * @description Answer a number with DUH or silence and store nothing of it, until a time. It leaves the list.
         */
        post: operations["refuse_unknown"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/unknown-accounts/take-back": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Hear it again
         * @description Let a refused number be unknown again: stored, and listed when it sends.
         */
        post: operations["take_back_refusal"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Colleagues
         * @description Everybody who may come in, with the names that facts and the live stream do not hold.
         */
        get: operations["read_users"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/healthz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Does the process answer
         * @description The process answers.
         */
        get: operations["healthz"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What is counted, for Prometheus
         * @description What the process counts.
         */
        get: operations["metrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/readyz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Is every part ready, and what is missing
         * @description Every part that this process runs is ready, or what is missing.
         */
        get: operations["readyz"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /**
         * AcceptBody
         * @description It is one of ours: the account that it shall be, at a site that is there, or that is made with it.
         */
        AcceptBody: {
            account: components["schemas"]["AccountBody"];
            /** @default null */
            new_site?: components["schemas"]["SiteBody"] | null;
        };
        /**
         * AccountBody
         * @description An account, whole, as `AccountItem` shows it. Null: the default. Without `key` it keeps the one that it has.
         */
        AccountBody: {
            account: string;
            /** @default null */
            carried_by?: string | null;
            /** @default null */
            category?: string | null;
            /** @default null */
            duplicate_window_s?: number | null;
            /** @default null */
            early_max_s?: number | null;
            /** @default null */
            key?: (components["schemas"]["SetKey"] | components["schemas"]["RemoveKey"]) | null;
            /** @default null */
            late_max_s?: number | null;
            /** @default null */
            line?: string | null;
            /** @default null */
            name?: string | null;
            /** @default null */
            panel_time_zone?: string | null;
            /** @default false */
            poll_602?: boolean;
            /** @default null */
            profile?: string | null;
            /** @default null */
            receiver?: string | null;
            /** @default null */
            site_id?: string | null;
            /** @default null */
            supervision_interval_s?: number | null;
            /** @default null */
            unknown_codes?: string | null;
        };
        /**
         * AccountChange
         * @description An account as it shall be, and the version that was looked at.
         */
        AccountChange: {
            account: string;
            /** @default null */
            carried_by?: string | null;
            /** @default null */
            category?: string | null;
            /** @default null */
            duplicate_window_s?: number | null;
            /** @default null */
            early_max_s?: number | null;
            /** @default null */
            key?: (components["schemas"]["SetKey"] | components["schemas"]["RemoveKey"]) | null;
            /** @default null */
            late_max_s?: number | null;
            /** @default null */
            line?: string | null;
            /** @default null */
            name?: string | null;
            /** @default null */
            panel_time_zone?: string | null;
            /** @default false */
            poll_602?: boolean;
            /** @default null */
            profile?: string | null;
            /** @default null */
            receiver?: string | null;
            /** @default null */
            site_id?: string | null;
            /** @default null */
            supervision_interval_s?: number | null;
            /** @default null */
            unknown_codes?: string | null;
            version: number;
        };
        /**
         * AccountItem
         * @description One account, whole. Null: the default (docs/reference/accounts.md).
         */
        AccountItem: {
            account: string;
            carried_by: string | null;
            category: string | null;
            changed_at: number;
            changed_by: string | null;
            duplicate_window_s: number | null;
            early_max_s: number | null;
            id: string;
            key: components["schemas"]["KeyItem"] | null;
            late_max_s: number | null;
            line: string | null;
            name: string | null;
            panel_time_zone: string | null;
            poll_602: boolean;
            profile: string | null;
            receiver: string | null;
            site: string | null;
            site_id: string | null;
            supervision_interval_s: number | null;
            unknown_codes: string | null;
            version: number;
            zones: number;
        };
        /**
         * AccountPage
         * @description Accounts by number.
         */
        AccountPage: {
            items: components["schemas"]["AccountItem"][];
            next: string | null;
            total: number;
        };
        /**
         * AccountPlaceItem
         * @description Names for one account of the live stream.
         */
        AccountPlaceItem: {
            account: string;
            account_id: string;
            name: string | null;
            site: string | null;
            site_id: string | null;
            zones: {
                [key: string]: string;
            };
        };
        /**
         * BadRow
         * @description A mistake of a file.
         */
        BadRow: {
            column: string | null;
            line: number;
            reason: string;
        };
        /**
         * Beat
         * @description Data of `event: beat`: at once, then every 2 s, without an id.
         */
        Beat: {
            last_signal_at: number | null;
            missing: string[];
            now: number;
            unknown: components["schemas"]["UnknownSummary"] | null;
        };
        /**
         * CatalogueAnswer
         * @description Answer of `/catalogue`.
         */
        CatalogueAnswer: {
            dispositions: components["schemas"]["Coded"][];
            reopen_reasons: components["schemas"]["Coded"][];
            types: components["schemas"]["TypeItem"][];
            version: string;
        };
        /**
         * Change
         * @description One change of a delta: exactly one of these is there.
         */
        Change: {
            /** @default null */
            config?: number | null;
            /** @default null */
            incident?: components["schemas"]["IncidentItem"] | null;
            /** @default null */
            personal?: string | null;
        };
        /**
         * ClaimBody
         * @description Body of a claim.
         */
        ClaimBody: {
            /** @default false */
            take_over?: boolean;
            version: number;
        };
        /**
         * CloseBody
         * @description Body of a closing.
         */
        CloseBody: {
            /** @enum {unknown} */
            disposition: "cancelled" | "duplicate" | "fault" | "not_found" | "real" | "test" | "unwanted";
            /** @default null */
            note?: string | null;
            version: number;
        };
        /**
         * Coded
         * @description A code and what it means, in words.
         */
        Coded: {
            code: string;
            words: string;
        };
        /**
         * CommandAnswer
         * @description What a command made of the incident.
         */
        CommandAnswer: {
            incident: components["schemas"]["IncidentItem"];
            seq: number;
        };
        /**
         * Delta
         * @description Data of `event: delta` in `/live`; the event's id is EPOCH-SEQ.
         *
         *         A client holds the id of its snapshot, then that of the last delta which it took. A delta whose id is not newer is
         *         dropped. One whose `prev` is newer than what the client holds follows on something missed: load everything anew.
         */
        Delta: {
            changes: components["schemas"]["Change"][];
            /** @description EPOCH-SEQ of the live stream */
            prev: string;
        };
        /**
         * EntryItem
         * @description A line of the journal, as `tocsin journal export` writes it.
         */
        EntryItem: {
            actor: string | null;
            at: number;
            body: Record<string, never>;
            cause: number | null;
            derived: Record<string, never>;
            hash: string;
            id: string | null;
            kind: string;
            prev: string;
            ref: string | null;
            seq: number;
            v: number;
        };
        /**
         * FrameAnswer
         * @description What the doctor says.
         */
        FrameAnswer: {
            explanation: Record<string, never>;
            fields: components["schemas"]["FrameField"][];
            raw: string;
            remedy: string | null;
            words: string;
        };
        /**
         * FrameBody
         * @description A frame for the doctor.
         */
        FrameBody: {
            /** @default null */
            early_max_s?: number | null;
            /** @default null */
            key?: string | null;
            /**
             * @default any
             * @enum {unknown}
             */
            known?: "any" | "centre";
            /** @default null */
            late_max_s?: number | null;
            /** @default null */
            now?: number | null;
            text: string;
        };
        /**
         * FrameField
         * @description A part of the frame, in the order of its bytes.
         */
        FrameField: {
            begin: number;
            end: number;
            /** @enum {unknown} */
            name: "account" | "before" | "behind" | "crc" | "data" | "end" | "length" | "line" | "receiver" | "sequence" | "start" | "timestamp" | "token" | "xdata";
            /** @enum {unknown} */
            state: "right" | "unread" | "wrong";
            words: string;
        };
        /**
         * ImportAnswer
         * @description What an import did, or would do.
         */
        ImportAnswer: {
            bad: components["schemas"]["BadRow"][];
            changed: number;
            config: number;
            dry_run: boolean;
            more_bad: number;
            new: number;
            same: number;
            sites: number;
        };
        /**
         * IncidentDetail
         * @description One incident, whole.
         */
        IncidentDetail: {
            address: string | null;
            directions: string | null;
            incident: components["schemas"]["IncidentItem"];
            /** @description EPOCH-SEQ of the live stream */
            live: string;
            points: components["schemas"]["Point"][];
            signals: components["schemas"]["SignalItem"][];
            timeline: components["schemas"]["TimelineItem"][];
            type: components["schemas"]["TypeItem"] | null;
            why: string;
        };
        /**
         * IncidentItem
         * @description An incident with the names of its place. In the live stream the names are null: fetch `/places`.
         */
        IncidentItem: {
            account: string | null;
            account_id: string | null;
            account_name: string | null;
            claimed_at: number | null;
            claimed_by: string | null;
            closed_at: number | null;
            closed_by: string | null;
            code: string | null;
            /** @enum {unknown} */
            condition: "active" | "returned";
            confirmed: boolean;
            disposition: ("cancelled" | "duplicate" | "fault" | "not_found" | "real" | "test" | "unwanted") | null;
            exercise: boolean;
            /** @enum {unknown} */
            hazard: "collision" | "explosion" | "fire" | "flood_weather" | "hazmat" | "intrusion" | "medical" | "missing_person" | "rescue" | "robbery_holdup" | "technical" | "theft" | "trafficking_kidnap" | "utility" | "violence" | "welfare_check";
            id: string;
            last_at: number;
            number: number;
            opened_at: number;
            /** @enum {unknown} */
            origin: "centre" | "signal";
            /** @enum {unknown} */
            presentation: "on_test" | "out_of_service" | "shelved" | "shown";
            /** @enum {unknown} */
            priority: 1 | 2 | 3 | 4;
            reason: string;
            signals: number;
            silent: boolean;
            site: string | null;
            site_id: string | null;
            /** @enum {unknown} */
            state: "closed" | "open";
            type: string;
            version: number;
            zone: string | null;
            zone_name: string | null;
        };
        /**
         * IncidentPage
         * @description A page of incidents, most urgent first: priority, unclaimed before claimed, oldest first.
         *
         *         Closed ones: the one that was changed last comes first.
         */
        IncidentPage: {
            items: components["schemas"]["IncidentItem"][];
            /** @description EPOCH-SEQ of the live stream */
            live: string;
            next: string | null;
            total: number;
        };
        /**
         * IncidentTexts
         * @description The personal part of an incident. Each person's first reading of each claim is a fact in the journal.
         */
        IncidentTexts: {
            notes: components["schemas"]["NoteItem"][];
            signals: components["schemas"]["SignalText"][];
        };
        /**
         * JournalPage
         * @description Entries, newest first.
         */
        JournalPage: {
            head: number;
            items: components["schemas"]["EntryItem"][];
            next: number | null;
        };
        /**
         * KeyItem
         * @description That there is a key. The key itself is never told.
         */
        KeyItem: {
            bits: number;
            /** @enum {unknown} */
            form: "hex" | "text";
        };
        /**
         * NoteBody
         * @description Body of a note.
         */
        NoteBody: {
            text: string;
        };
        /**
         * NoteItem
         * @description A note's words.
         */
        NoteItem: {
            note: string;
            text: string | null;
        };
        /**
         * NumberBody
         * @description A number as the list of unknown accounts has it.
         */
        NumberBody: {
            account: string;
            line: string | null;
            receiver: string | null;
        };
        /**
         * OpenedFrame
         * @description A rejected frame with its content; opening it is in the journal.
         */
        OpenedFrame: {
            id: number;
            peer: string | null;
            raw: string | null;
        };
        /**
         * OpenedFrames
         * @description Frames that were opened, newest first; those that are not kept any more are left out.
         */
        OpenedFrames: {
            items: components["schemas"]["OpenedFrame"][];
        };
        /**
         * OpenFramesBody
         * @description Which rejected frames to open, and why.
         */
        OpenFramesBody: {
            ids: number[];
            /** @enum {unknown} */
            reason: "audit" | "complaint" | "fault_finding" | "installation";
        };
        /**
         * PanelNote
         * @description Something known of a maker's panels, and how.
         */
        PanelNote: {
            label: string;
            says: string;
        };
        /**
         * PlacesAnswer
         * @description Names for accounts, at most 200 at once.
         */
        PlacesAnswer: {
            accounts: components["schemas"]["AccountPlaceItem"][];
            config: number;
        };
        /**
         * Point
         * @description A zone of an account that is in alarm or trouble, until the same says that it is over.
         */
        Point: {
            account: string;
            account_id: string | null;
            code: string;
            format: string;
            kind: string;
            type: string;
            zone: string | null;
        };
        /**
         * Problem
         * @description RFC 9457. `code` is stable; `detail` is a sentence with the remedy.
         */
        Problem: {
            /** @default null */
            account?: components["schemas"]["AccountItem"] | null;
            /** @default null */
            changed_at?: number | null;
            /** @default null */
            changed_by?: string | null;
            code: string;
            detail: string;
            /** @default null */
            incident?: components["schemas"]["IncidentItem"] | null;
            /** @default null */
            problems?: string[] | null;
            /** @default null */
            retry_after_s?: number | null;
            /** @default null */
            site?: components["schemas"]["SiteItem"] | null;
            status: number;
            title: string;
            type: string;
            /** @default null */
            zones?: components["schemas"]["ZonesAnswer"] | null;
        };
        /**
         * ProfileItem
         * @description A maker whose panels are known: what an account's `profile` may be (`presets.toml`).
         */
        ProfileItem: {
            maker: string;
            notes: components["schemas"]["PanelNote"][];
            profile: string;
            sets: {
                [key: string]: string;
            };
        };
        /**
         * ProfilesAnswer
         * @description Answer of `/profiles`.
         */
        ProfilesAnswer: {
            items: components["schemas"]["ProfileItem"][];
        };
        /**
         * Readiness
         * @description Answer of `/readyz`.
         */
        Readiness: {
            missing: string[];
            ready: boolean;
        };
        /**
         * RefuseBody
         * @description It is none of ours: answer so, and store nothing of it, until a time at most 30 days ahead.
         */
        RefuseBody: {
            account: string;
            /** @enum {unknown} */
            answer: "duh" | "silent";
            line: string | null;
            /** @enum {unknown} */
            reason: "contract_ended" | "not_our_customer" | "scanner" | "test_equipment";
            receiver: string | null;
            until: number;
        };
        /**
         * RefusedItem
         * @description That a number is none of ours, until when.
         */
        RefusedItem: {
            account: string;
            /** @enum {unknown} */
            answer: "duh" | "silent";
            by: string | null;
            line: string | null;
            /** @enum {unknown} */
            reason: "contract_ended" | "not_our_customer" | "scanner" | "test_equipment";
            receiver: string | null;
            until: number;
        };
        /**
         * RejectedAnswer
         * @description The newest rejected frames, newest first.
         */
        RejectedAnswer: {
            items: components["schemas"]["RejectedItem"][];
        };
        /**
         * RejectedItem
         * @description A frame that was not accepted, without its content.
         */
        RejectedItem: {
            account: string | null;
            at: number;
            id: number;
            is_kept: boolean;
            outcome: string;
            reason: string;
            token: string | null;
            /** @enum {unknown} */
            transport: "tcp" | "tls" | "udp";
        };
        /**
         * ReleaseBody
         * @description Body of a release.
         */
        ReleaseBody: {
            version: number;
        };
        /**
         * RemoveKey
         * @description The key is taken away: messages in clear are accepted from then on.
         */
        RemoveKey: {
            /** @enum {unknown} */
            act: "remove";
        };
        /**
         * ReopenBody
         * @description Body of a reopening.
         */
        ReopenBody: {
            /** @enum {unknown} */
            reason: "active_again" | "closed_by_mistake" | "more_to_do";
            version: number;
        };
        /**
         * Reset
         * @description Data of `event: reset`: load everything anew, and go on from the snapshot's id.
         *
         *         The stream itself goes on, but after `rights`, which ends it.
         */
        Reset: {
            /** @enum {unknown} */
            reason: "epoch" | "gap" | "rights" | "slow";
        };
        /**
         * SessionAnswer
         * @description Who is signed in here.
         */
        SessionAnswer: {
            centre: string;
            csrf: string;
            demo: boolean;
            expires_at: number;
            is_secure: boolean;
            now: number;
            permissions: string[];
            user: components["schemas"]["UserItem"];
            version: string;
        };
        /**
         * SetKey
         * @description A new key. No answer ever holds it.
         */
        SetKey: {
            /** @enum {unknown} */
            act: "set";
            /** @enum {unknown} */
            form: "hex" | "text";
            /** @description Hex (32, 48 or 64 digits) or 16, 24 or 32 characters */
            value: string;
        };
        /**
         * SignalItem
         * @description A signal of an incident or of an account.
         */
        SignalItem: {
            account: string;
            account_id: string | null;
            account_name: string | null;
            code: string | null;
            device_time: number | null;
            disputed: boolean;
            duplicates: number;
            encrypted: boolean;
            has_text: boolean;
            id: string;
            incident: string | null;
            kind: ("alarm" | "bypass" | "cancel" | "close" | "duress" | "open" | "other" | "restoral" | "supervisory" | "tamper" | "test" | "trouble" | "trouble_restoral") | null;
            meaning: string | null;
            outcome: string;
            partition: string | null;
            reason: string;
            received_at: number;
            seq: number;
            /** @enum {unknown} */
            transport: "tcp" | "tls" | "udp";
            zone: string | null;
            zone_name: string | null;
        };
        /**
         * SignalPage
         * @description A page of an account's signals, newest first.
         */
        SignalPage: {
            items: components["schemas"]["SignalItem"][];
            next: string | null;
        };
        /**
         * SignalText
         * @description What was sealed with a signal.
         */
        SignalText: {
            seq: number;
            text: string | null;
            user: string | null;
        };
        /**
         * SimilarItem
         * @description A known account that an unknown number may be meant for.
         */
        SimilarItem: {
            account: string;
            account_id: string;
            site: string | null;
            why: string;
        };
        /**
         * SiteBody
         * @description A site, whole.
         */
        SiteBody: {
            /** @default null */
            address?: string | null;
            /** @default null */
            directions?: string | null;
            name: string;
        };
        /**
         * SiteChange
         * @description A site as it shall be, and the version that was looked at.
         */
        SiteChange: {
            /** @default null */
            address?: string | null;
            /** @default null */
            directions?: string | null;
            name: string;
            version: number;
        };
        /**
         * SiteItem
         * @description One site. `version` is what a change must name; a change of another person in between is refused with 409.
         */
        SiteItem: {
            accounts: number;
            address: string | null;
            changed_at: number;
            changed_by: string | null;
            directions: string | null;
            id: string;
            name: string | null;
            version: number;
        };
        /**
         * SitePage
         * @description Sites by name.
         */
        SitePage: {
            items: components["schemas"]["SiteItem"][];
            next: string | null;
            total: number;
        };
        /**
         * SoundCheckAnswer
         * @description The sound check is in the journal.
         */
        SoundCheckAnswer: {
            seq: number;
        };
        /**
         * SoundCheckBody
         * @description Body of a sound check: whether the person at the desk heard the sounds.
         */
        SoundCheckBody: {
            heard: boolean;
        };
        /**
         * StatusAnswer
         * @description Answer of `/status`: what the header shows.
         */
        StatusAnswer: {
            consoles: number;
            last_signal_at: number | null;
            /** @description EPOCH-SEQ of the live stream */
            live: string;
            missing: string[];
            now: number;
            open: number;
            ready: boolean;
            unknown: components["schemas"]["UnknownSummary"] | null;
        };
        /**
         * TimelineItem
         * @description One fact about an incident.
         */
        TimelineItem: {
            actor: string | null;
            at: number;
            cause: number | null;
            kind: string;
            note: string | null;
            seq: number;
            words: string;
        };
        /**
         * TypeItem
         * @description An incident type of the catalogue.
         */
        TypeItem: {
            checks: string[];
            first_units: string[];
            /** @enum {unknown} */
            hazard: "collision" | "explosion" | "fire" | "flood_weather" | "hazmat" | "intrusion" | "medical" | "missing_person" | "rescue" | "robbery_holdup" | "technical" | "theft" | "trafficking_kidnap" | "utility" | "violence" | "welfare_check";
            meaning: string;
            /** @enum {unknown} */
            opened_by: "any" | "centre" | "person";
            /** @enum {unknown} */
            priority: 1 | 2 | 3 | 4;
            questions: string[];
            short: string;
            type: string;
        };
        /**
         * UnknownAnswer
         * @description The unknown accounts, newest first.
         */
        UnknownAnswer: {
            items: components["schemas"]["UnknownItem"][];
            refused: components["schemas"]["RefusedItem"][];
            total: number;
        };
        /**
         * UnknownItem
         * @description A number that sends and is none of ours.
         */
        UnknownItem: {
            account: string;
            first_at: number;
            incidents: string[];
            last_at: number;
            line: string | null;
            polls: number;
            receiver: string | null;
            signals: number;
            similar: components["schemas"]["SimilarItem"][];
            /** @enum {unknown} */
            transport: "tcp" | "tls" | "udp";
            unreadable: number;
        };
        /**
         * UnknownSummary
         * @description How many unknown accounts wait, and since when the oldest.
         */
        UnknownSummary: {
            count: number;
            oldest_at: number | null;
        };
        /**
         * UserItem
         * @description Somebody who may sign in, as colleagues see them.
         */
        UserItem: {
            id: string;
            name: string;
            roles: string[];
        };
        /**
         * UsersAnswer
         * @description Answer of `/users`, in the order in which they were made.
         */
        UsersAnswer: {
            items: components["schemas"]["UserItem"][];
        };
        /**
         * ZoneItem
         * @description A zone of an account.
         */
        ZoneItem: {
            name: string | null;
            number: string;
            priority: (1 | 2 | 3 | 4) | null;
            type: string | null;
        };
        /**
         * ZonesAnswer
         * @description Every zone of an account, by number.
         */
        ZonesAnswer: {
            items: components["schemas"]["ZoneItem"][];
            version: number;
        };
        /**
         * ZonesBody
         * @description Every zone that an account shall have, and the version that was looked at.
         */
        ZonesBody: {
            items: components["schemas"]["ZoneItem"][];
            version: number;
        };
    };
    responses: {
        /** @description What went wrong, with a stable code and a remedy. */
        Problem: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
    };
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    read_accounts: {
        parameters: {
            query?: {
                /** @description `next` of the page before */
                after?: string | null;
                limit?: number;
                /** @description How the number begins */
                number?: string | null;
                /** @description At this site alone */
                site_id?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Request fulfilled, document follows */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccountPage"];
                };
            };
            /** @description The request does not have the form that this address takes, or was refused. */
            400: components["responses"]["Problem"];
            /** @description Nobody is signed in, and no token came with it. */
            401: components["responses"]["Problem"];
            /** @description Whoever asks may not, or the CSRF token is missing. */
            403: components["responses"]["Problem"];
            /** @description Anything else that went wrong. */
            default: components["responses"]["Problem"];
        };
    };
    make_account: {
        parameters: {
            query?: never;
            header?: {
                /** @description The sender's own id of this change. The same change again is made once, for 30 days. */
                "Idempotency-Key"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AccountBody"];
            };
        };
        responses: {
            /** @description Document created, URL follows */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccountItem"];
                };
            };
            /** @description The request does not have the form that this address takes, or was refused. */
            400: components["responses"]["Problem"];
            /** @description Nobody is signed in, and no token came with it. */
            401: components["responses"]["Problem"];
            /** @description Whoever asks may not, or the CSRF token is missing. */
            403: components["responses"]["Problem"];
            /** @description Anything else that went wrong. */
            default: components["responses"]["Problem"];
        };
    };
    read_account_item: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of an account */
                account_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Request fulfilled, document follows */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccountItem"];
                };
            };
            /** @description The request does not have the form that this address takes, or was refused. */
            400: components["responses"]["Problem"];
            /** @description Nobody is signed in, and no token came with it. */
            401: components["responses"]["Problem"];
            /** @description Whoever asks may not, or the CSRF token is missing. */
            403: components["responses"]["Problem"];
            /** @description Anything else that went wrong. */
            default: components["responses"]["Problem"];
        };
    };
    change_account: {
        parameters: {
            query?: never;
            header?: {
                /** @description The sender's own id of this change. The same change again is made once, for 30 days. */
                "Idempotency-Key"?: string | null;
            };
            path: {
                /** @description Id of an account */
                account_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AccountChange"];
            };
        };
        responses: {
            /** @description Request fulfilled, document follows */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccountItem"];
                };
            };
            /** @description The request does not have the form that this address takes, or was refused. */
            400: components["responses"]["Problem"];
            /** @description Nobody is signed in, and no token came with it. */
            401: components["responses"]["Problem"];
            /** @description Whoever asks may not, or the CSRF token is missing. */
            403: components["responses"]["Problem"];
            /** @description Anything else that went wrong. */
            default: components["responses"]["Problem"];
        };
    };
    remove_account: {
        parameters: {
            query: {
                /** @description The version that was looked at */
                version: number;
            };
            header?: {
                /** @description The sender's own id of this change. The same change again is made once, for 30 days. */
                "Idempotency-Key"?: string | null;
            };
            path: {
                /** @description Id of an account */
                account_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Request fulfilled, nothing follows */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request does not have the form that this address takes, or was refused. */
            400: components["responses"]["Problem"];
            /** @description Nobody is signed in, and no token came with it. */
            401: components["responses"]["Problem"];
            /** @description Whoever asks may not, or the CSRF token is missing. */
            403: components["responses"]["Problem"];
            /** @description Anything else that went wrong. */
            default: components["responses"]["Problem"];
        };
    };
    read_signals: {
        parameters: {
            query?: {
                /** @description `next` of the page before */
                after?: string | null;
                limit?: number;
            };
            header?: never;
            path: {
                /** @description Id of an account */
                account_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Request fulfilled, document follows */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SignalPage"];
                };
            };
            /** @description The request does not have the form that this address takes, or was refused. */
            400: components["responses"]["Problem"];
            /** @description Nobody is signed in, and no token came with it. */
            401: components["responses"]["Problem"];
            /** @description Whoever asks may not, or the CSRF token is missing. */
            403: components["responses"]["Problem"];
            /** @description Anything else that went wrong. */
            default: components["responses"]["Problem"];
        };
    };
    read_zones: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of an account */
                account_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Request fulfilled, document follows */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ZonesAnswer"];
                };
            };
            /** @description The request does not have the form that this address takes, or was refused. */
            400: components["responses"]["Problem"];
            /** @description Nobody is signed in, and no token came with it. */
            401: components["responses"]["Problem"];
            /** @description Whoever asks may not, or the CSRF token is missing. */
            403: components["responses"]["Problem"];
            /** @description Anything else that went wrong. */
            default: components["responses"]["Problem"];
        };
    };
    set_zones: {
        parameters: {
            query?: never;
            header?: {
                /** @description The sender's own id of this change. The same change again is made once, for 30 days. */
                "Idempotency-Key"?: string | null;
            };
            path: {
                /** @description Id of an account */
                account_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ZonesBody"];
            };
        };
        responses: {
            /** @description Request fulfilled, document follows */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ZonesAnswer"];
                };
            };
            /** @description The request does not have the form that this address takes, or was refused. */
            400: components["responses"]["Problem"];
            /** @description Nobody is signed in, and no token came with it. */
            401: components["responses"]["Problem"];
            /** @description Whoever asks may not, or the CSRF token is missing. */
            403: components["responses"]["Problem"];
            /** @description Anything else that went wrong. */
            default: components["responses"]["Problem"];
        };
    };
    read_catalogue: {
        parameters: {
            query?: never;
            header?: {
                "If-None-Match"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Request fulfilled, document follows */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CatalogueAnswer"];
                };
            };
            /** @description The request does not have the form that this address takes, or was refused. */
            400: components["responses"]["Problem"];
            /** @description Nobody is signed in, and no token came with it. */
            401: components["responses"]["Problem"];
            /** @description Whoever asks may not, or the CSRF token is missing. */
            403: components["responses"]["Problem"];
            /** @description Anything else that went wrong. */
            default: components["responses"]["Problem"];
        };
    };
    check_sound: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SoundCheckBody"];
            };
        };
        responses: {
            /** @description Request fulfilled, document follows */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SoundCheckAnswer"];
                };
            };
            /** @description The request does not have the form that this address takes, or was refused. */
            400: components["responses"]["Problem"];
            /** @description Nobody is signed in, and no token came with it. */
            401: components["responses"]["Problem"];
            /** @description Whoever asks may not, or the CSRF token is missing. */
            403: components["responses"]["Problem"];
            /** @description Anything else that went wrong. */
            default: components["responses"]["Problem"];
        };
    };
    export_accounts: {
        parameters: {
            query?: {
                /** @description Form of the file */
                format?: "csv" | "json";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Request fulfilled, document follows */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>[];
                    "text/csv": string;
                };
            };
            /** @description The request does not have the form that this address takes, or was refused. */
            400: components["responses"]["Problem"];
            /** @description Nobody is signed in, and no token came with it. */
            401: components["responses"]["Problem"];
            /** @description Whoever asks may not, or the CSRF token is missing. */
            403: components["responses"]["Problem"];
            /** @description Anything else that went wrong. */
            default: components["responses"]["Problem"];
        };
    };
    export_sites: {
        parameters: {
            query?: {
                /** @description Form of the file */
                format?: "csv" | "json";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Request fulfilled, document follows */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>[];
                    "text/csv": string;
                };
            };
            /** @description The request does not have the form that this address takes, or was refused. */
            400: components["responses"]["Problem"];
            /** @description Nobody is signed in, and no token came with it. */
            401: components["responses"]["Problem"];
            /** @description Whoever asks may not, or the CSRF token is missing. */
            403: components["responses"]["Problem"];
            /** @description Anything else that went wrong. */
            default: components["responses"]["Problem"];
        };
    };
    export_zones: {
        parameters: {
            query?: {
                /** @description Form of the file */
                format?: "csv" | "json";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Request fulfilled, document follows */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>[];
                    "text/csv": string;
                };
            };
            /** @description The request does not have the form that this address takes, or was refused. */
            400: components["responses"]["Problem"];
            /** @description Nobody is signed in, and no token came with it. */
            401: components["responses"]["Problem"];
            /** @description Whoever asks may not, or the CSRF token is missing. */
            403: components["responses"]["Problem"];
            /** @description Anything else that went wrong. */
            default: components["responses"]["Problem"];
        };
    };
    explain_frame: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["FrameBody"];
            };
        };
        responses: {
            /** @description Request fulfilled, document follows */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FrameAnswer"];
                };
            };
            /** @description The request does not have the form that this address takes, or was refused. */
            400: components["responses"]["Problem"];
            /** @description Nobody is signed in, and no token came with it. */
            401: components["responses"]["Problem"];
            /** @description Whoever asks may not, or the CSRF token is missing. */
            403: components["responses"]["Problem"];
            /** @description Anything else that went wrong. */
            default: components["responses"]["Problem"];
        };
    };
    import_accounts: {
        parameters: {
            query?: {
                /** @description Say what it would do; change nothing */
                dry_run?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": Record<string, never>[];
                "text/csv": string;
            };
        };
        responses: {
            /** @description Request fulfilled, document follows */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ImportAnswer"];
                };
            };
            /** @description The request does not have the form that this address takes, or was refused. */
            400: components["responses"]["Problem"];
            /** @description Nobody is signed in, and no token came with it. */
            401: components["responses"]["Problem"];
            /** @description Whoever asks may not, or the CSRF token is missing. */
            403: components["responses"]["Problem"];
            /** @description Anything else that went wrong. */
            default: components["responses"]["Problem"];
        };
    };
    import_sites: {
        parameters: {
            query?: {
                /** @description Say what it would do; change nothing */
                dry_run?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": Record<string, never>[];
                "text/csv": string;
            };
        };
        responses: {
            /** @description Request fulfilled, document follows */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ImportAnswer"];
                };
            };
            /** @description The request does not have the form that this address takes, or was refused. */
            400: components["responses"]["Problem"];
            /** @description Nobody is signed in, and no token came with it. */
            401: components["responses"]["Problem"];
            /** @description Whoever asks may not, or the CSRF token is missing. */
            403: components["responses"]["Problem"];
            /** @description Anything else that went wrong. */
            default: components["responses"]["Problem"];
        };
    };
    import_zones: {
        parameters: {
            query?: {
                /** @description Say what it would do; change nothing */
                dry_run?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": Record<string, never>[];
                "text/csv": string;
            };
        };
        responses: {
            /** @description Request fulfilled, document follows */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ImportAnswer"];
                };
            };
            /** @description The request does not have the form that this address takes, or was refused. */
            400: components["responses"]["Problem"];
            /** @description Nobody is signed in, and no token came with it. */
            401: components["responses"]["Problem"];
            /** @description Whoever asks may not, or the CSRF token is missing. */
            403: components["responses"]["Problem"];
            /** @description Anything else that went wrong. */
            default: components["responses"]["Problem"];
        };
    };
    read_incidents: {
        parameters: {
            query?: {
                /** @description `next` of the page before */
                after?: string | null;
                limit?: number;
                /** @description Incidents of this site alone */
                site_id?: string | null;
                state?: "open" | "closed";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Request fulfilled, document follows */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IncidentPage"];
                };
            };
            /** @description The request does not have the form that this address takes, or was refused. */
            400: components["responses"]["Problem"];
            /** @description Nobody is signed in, and no token came with it. */
            401: components["responses"]["Problem"];
            /** @description Whoever asks may not, or the CSRF token is missing. */
            403: components["responses"]["Problem"];
            /** @description Anything else that went wrong. */
            default: components["responses"]["Problem"];
        };
    };
    read_incident: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of an incident */
                incident_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Request fulfilled, document follows */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IncidentDetail"];
                };
            };
            /** @description The request does not have the form that this address takes, or was refused. */
            400: components["responses"]["Problem"];
            /** @description Nobody is signed in, and no token came with it. */
            401: components["responses"]["Problem"];
            /** @description Whoever asks may not, or the CSRF token is missing. */
            403: components["responses"]["Problem"];
            /** @description Anything else that went wrong. */
            default: components["responses"]["Problem"];
        };
    };
    claim: {
        parameters: {
            query?: never;
            header: {
                /** @description The sender's own id of this command. The same command again gets the same answer for 30 days. */
                "Idempotency-Key": string;
            };
            path: {
                /** @description Id of an incident */
                incident_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ClaimBody"];
            };
        };
        responses: {
            /** @description Request fulfilled, document follows */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CommandAnswer"];
                };
            };
            /** @description The request does not have the form that this address takes, or was refused. */
            400: components["responses"]["Problem"];
            /** @description Nobody is signed in, and no token came with it. */
            401: components["responses"]["Problem"];
            /** @description Whoever asks may not, or the CSRF token is missing. */
            403: components["responses"]["Problem"];
            /** @description Anything else that went wrong. */
            default: components["responses"]["Problem"];
        };
    };
    close: {
        parameters: {
            query?: never;
            header: {
                /** @description The sender's own id of this command. The same command again gets the same answer for 30 days. */
                "Idempotency-Key": string;
            };
            path: {
                /** @description Id of an incident */
                incident_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CloseBody"];
            };
        };
        responses: {
            /** @description Request fulfilled, document follows */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CommandAnswer"];
                };
            };
            /** @description The request does not have the form that this address takes, or was refused. */
            400: components["responses"]["Problem"];
            /** @description Nobody is signed in, and no token came with it. */
            401: components["responses"]["Problem"];
            /** @description Whoever asks may not, or the CSRF token is missing. */
            403: components["responses"]["Problem"];
            /** @description Anything else that went wrong. */
            default: components["responses"]["Problem"];
        };
    };
    note: {
        parameters: {
            query?: never;
            header: {
                /** @description The sender's own id of this command. The same command again gets the same answer for 30 days. */
                "Idempotency-Key": string;
            };
            path: {
                /** @description Id of an incident */
                incident_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NoteBody"];
            };
        };
        responses: {
            /** @description Request fulfilled, document follows */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CommandAnswer"];
                };
            };
            /** @description The request does not have the form that this address takes, or was refused. */
            400: components["responses"]["Problem"];
            /** @description Nobody is signed in, and no token came with it. */
            401: components["responses"]["Problem"];
            /** @description Whoever asks may not, or the CSRF token is missing. */
            403: components["responses"]["Problem"];
            /** @description Anything else that went wrong. */
            default: components["responses"]["Problem"];
        };
    };
    release: {
        parameters: {
            query?: never;
            header: {
                /** @description The sender's own id of this command. The same command again gets the same answer for 30 days. */
                "Idempotency-Key": string;
            };
            path: {
                /** @description Id of an incident */
                incident_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReleaseBody"];
            };
        };
        responses: {
            /** @description Request fulfilled, document follows */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CommandAnswer"];
                };
            };
            /** @description The request does not have the form that this address takes, or was refused. */
            400: components["responses"]["Problem"];
            /** @description Nobody is signed in, and no token came with it. */
            401: components["responses"]["Problem"];
            /** @description Whoever asks may not, or the CSRF token is missing. */
            403: components["responses"]["Problem"];
            /** @description Anything else that went wrong. */
            default: components["responses"]["Problem"];
        };
    };
    reopen: {
        parameters: {
            query?: never;
            header: {
                /** @description The sender's own id of this command. The same command again gets the same answer for 30 days. */
                "Idempotency-Key": string;
            };
            path: {
                /** @description Id of an incident */
                incident_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReopenBody"];
            };
        };
        responses: {
            /** @description Request fulfilled, document follows */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CommandAnswer"];
                };
            };
            /** @description The request does not have the form that this address takes, or was refused. */
            400: components["responses"]["Problem"];
            /** @description Nobody is signed in, and no token came with it. */
            401: components["responses"]["Problem"];
            /** @description Whoever asks may not, or the CSRF token is missing. */
            403: components["responses"]["Problem"];
            /** @description Anything else that went wrong. */
            default: components["responses"]["Problem"];
        };
    };
    read_texts: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of an incident */
                incident_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Request fulfilled, document follows */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IncidentTexts"];
                };
            };
            /** @description The request does not have the form that this address takes, or was refused. */
            400: components["responses"]["Problem"];
            /** @description Nobody is signed in, and no token came with it. */
            401: components["responses"]["Problem"];
            /** @description Whoever asks may not, or the CSRF token is missing. */
            403: components["responses"]["Problem"];
            /** @description Anything else that went wrong. */
            default: components["responses"]["Problem"];
        };
    };
    read_journal: {
        parameters: {
            query?: {
                before?: number | null;
                kind?: string | null;
                limit?: number;
                seq?: number | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Request fulfilled, document follows */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JournalPage"];
                };
            };
            /** @description The request does not have the form that this address takes, or was refused. */
            400: components["responses"]["Problem"];
            /** @description Nobody is signed in, and no token came with it. */
            401: components["responses"]["Problem"];
            /** @description Whoever asks may not, or the CSRF token is missing. */
            403: components["responses"]["Problem"];
            /** @description Anything else that went wrong. */
            default: components["responses"]["Problem"];
        };
    };
    live: {
        parameters: {
            query?: {
                /** @description Id to go on from, where a program cannot send `Last-Event-ID`; that header counts more */
                after?: string | null;
            };
            header?: {
                /** @description Id to go on from: `live` of a snapshot, or the id of the last event */
                "Last-Event-ID"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Request fulfilled, document follows */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": unknown;
                };
            };
            /** @description The request does not have the form that this address takes, or was refused. */
            400: components["responses"]["Problem"];
            /** @description Nobody is signed in, and no token came with it. */
            401: components["responses"]["Problem"];
            /** @description Whoever asks may not, or the CSRF token is missing. */
            403: components["responses"]["Problem"];
            /** @description Anything else that went wrong. */
            default: components["responses"]["Problem"];
        };
    };
    read_places: {
        parameters: {
            query: {
                /** @description Ids of accounts */
                account_id: string[];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Request fulfilled, document follows */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PlacesAnswer"];
                };
            };
            /** @description The request does not have the form that this address takes, or was refused. */
            400: components["responses"]["Problem"];
            /** @description Nobody is signed in, and no token came with it. */
            401: components["responses"]["Problem"];
            /** @description Whoever asks may not, or the CSRF token is missing. */
            403: components["responses"]["Problem"];
            /** @description Anything else that went wrong. */
            default: components["responses"]["Problem"];
        };
    };
    read_profiles: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Request fulfilled, document follows */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProfilesAnswer"];
                };
            };
            /** @description The request does not have the form that this address takes, or was refused. */
            400: components["responses"]["Problem"];
            /** @description Nobody is signed in, and no token came with it. */
            401: components["responses"]["Problem"];
            /** @description Whoever asks may not, or the CSRF token is missing. */
            403: components["responses"]["Problem"];
            /** @description Anything else that went wrong. */
            default: components["responses"]["Problem"];
        };
    };
    read_rejected: {
        parameters: {
            query?: {
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Request fulfilled, document follows */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RejectedAnswer"];
                };
            };
            /** @description The request does not have the form that this address takes, or was refused. */
            400: components["responses"]["Problem"];
            /** @description Nobody is signed in, and no token came with it. */
            401: components["responses"]["Problem"];
            /** @description Whoever asks may not, or the CSRF token is missing. */
            403: components["responses"]["Problem"];
            /** @description Anything else that went wrong. */
            default: components["responses"]["Problem"];
        };
    };
    open_rejected: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OpenFramesBody"];
            };
        };
        responses: {
            /** @description Request fulfilled, document follows */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenedFrames"];
                };
            };
            /** @description The request does not have the form that this address takes, or was refused. */
            400: components["responses"]["Problem"];
            /** @description Nobody is signed in, and no token came with it. */
            401: components["responses"]["Problem"];
            /** @description Whoever asks may not, or the CSRF token is missing. */
            403: components["responses"]["Problem"];
            /** @description Anything else that went wrong. */
            default: components["responses"]["Problem"];
        };
    };
    read_session: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Request fulfilled, document follows */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionAnswer"];
                };
            };
            /** @description The request does not have the form that this address takes, or was refused. */
            400: components["responses"]["Problem"];
            /** @description Nobody is signed in, and no token came with it. */
            401: components["responses"]["Problem"];
            /** @description Whoever asks may not, or the CSRF token is missing. */
            403: components["responses"]["Problem"];
            /** @description Anything else that went wrong. */
            default: components["responses"]["Problem"];
        };
    };
    end_session: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Request fulfilled, nothing follows */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request does not have the form that this address takes, or was refused. */
            400: components["responses"]["Problem"];
            /** @description Nobody is signed in, and no token came with it. */
            401: components["responses"]["Problem"];
            /** @description Whoever asks may not, or the CSRF token is missing. */
            403: components["responses"]["Problem"];
            /** @description Anything else that went wrong. */
            default: components["responses"]["Problem"];
        };
    };
    read_sites: {
        parameters: {
            query?: {
                /** @description `next` of the page before */
                after?: string | null;
                limit?: number;
                /** @description How the name, or a word in it, begins */
                name?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Request fulfilled, document follows */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SitePage"];
                };
            };
            /** @description The request does not have the form that this address takes, or was refused. */
            400: components["responses"]["Problem"];
            /** @description Nobody is signed in, and no token came with it. */
            401: components["responses"]["Problem"];
            /** @description Whoever asks may not, or the CSRF token is missing. */
            403: components["responses"]["Problem"];
            /** @description Anything else that went wrong. */
            default: components["responses"]["Problem"];
        };
    };
    make_site: {
        parameters: {
            query?: never;
            header?: {
                /** @description The sender's own id of this change. The same change again is made once, for 30 days. */
                "Idempotency-Key"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SiteBody"];
            };
        };
        responses: {
            /** @description Document created, URL follows */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SiteItem"];
                };
            };
            /** @description The request does not have the form that this address takes, or was refused. */
            400: components["responses"]["Problem"];
            /** @description Nobody is signed in, and no token came with it. */
            401: components["responses"]["Problem"];
            /** @description Whoever asks may not, or the CSRF token is missing. */
            403: components["responses"]["Problem"];
            /** @description Anything else that went wrong. */
            default: components["responses"]["Problem"];
        };
    };
    read_site: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of a site */
                site_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Request fulfilled, document follows */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SiteItem"];
                };
            };
            /** @description The request does not have the form that this address takes, or was refused. */
            400: components["responses"]["Problem"];
            /** @description Nobody is signed in, and no token came with it. */
            401: components["responses"]["Problem"];
            /** @description Whoever asks may not, or the CSRF token is missing. */
            403: components["responses"]["Problem"];
            /** @description Anything else that went wrong. */
            default: components["responses"]["Problem"];
        };
    };
    change_site: {
        parameters: {
            query?: never;
            header?: {
                /** @description The sender's own id of this change. The same change again is made once, for 30 days. */
                "Idempotency-Key"?: string | null;
            };
            path: {
                /** @description Id of a site */
                site_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SiteChange"];
            };
        };
        responses: {
            /** @description Request fulfilled, document follows */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SiteItem"];
                };
            };
            /** @description The request does not have the form that this address takes, or was refused. */
            400: components["responses"]["Problem"];
            /** @description Nobody is signed in, and no token came with it. */
            401: components["responses"]["Problem"];
            /** @description Whoever asks may not, or the CSRF token is missing. */
            403: components["responses"]["Problem"];
            /** @description Anything else that went wrong. */
            default: components["responses"]["Problem"];
        };
    };
    remove_site: {
        parameters: {
            query: {
                /** @description The version that was looked at */
                version: number;
            };
            header?: {
                /** @description The sender's own id of this change. The same change again is made once, for 30 days. */
                "Idempotency-Key"?: string | null;
            };
            path: {
                /** @description Id of a site */
                site_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Request fulfilled, nothing follows */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request does not have the form that this address takes, or was refused. */
            400: components["responses"]["Problem"];
            /** @description Nobody is signed in, and no token came with it. */
            401: components["responses"]["Problem"];
            /** @description Whoever asks may not, or the CSRF token is missing. */
            403: components["responses"]["Problem"];
            /** @description Anything else that went wrong. */
            default: components["responses"]["Problem"];
        };
    };
    read_status: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Request fulfilled, document follows */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StatusAnswer"];
                };
            };
            /** @description The request does not have the form that this address takes, or was refused. */
            400: components["responses"]["Problem"];
            /** @description Nobody is signed in, and no token came with it. */
            401: components["responses"]["Problem"];
            /** @description Whoever asks may not, or the CSRF token is missing. */
            403: components["responses"]["Problem"];
            /** @description Anything else that went wrong. */
            default: components["responses"]["Problem"];
        };
    };
    read_unknown: {
        parameters: {
            query?: {
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Request fulfilled, document follows */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UnknownAnswer"];
                };
            };
            /** @description The request does not have the form that this address takes, or was refused. */
            400: components["responses"]["Problem"];
            /** @description Nobody is signed in, and no token came with it. */
            401: components["responses"]["Problem"];
            /** @description Whoever asks may not, or the CSRF token is missing. */
            403: components["responses"]["Problem"];
            /** @description Anything else that went wrong. */
            default: components["responses"]["Problem"];
        };
    };
    accept_unknown: {
        parameters: {
            query?: never;
            header?: {
                /** @description The sender's own id of this change. The same change again is made once, for 30 days. */
                "Idempotency-Key"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AcceptBody"];
            };
        };
        responses: {
            /** @description Document created, URL follows */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccountItem"];
                };
            };
            /** @description The request does not have the form that this address takes, or was refused. */
            400: components["responses"]["Problem"];
            /** @description Nobody is signed in, and no token came with it. */
            401: components["responses"]["Problem"];
            /** @description Whoever asks may not, or the CSRF token is missing. */
            403: components["responses"]["Problem"];
            /** @description Anything else that went wrong. */
            default: components["responses"]["Problem"];
        };
    };
    refuse_unknown: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RefuseBody"];
            };
        };
        responses: {
            /** @description Request fulfilled, document follows */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RefusedItem"];
                };
            };
            /** @description The request does not have the form that this address takes, or was refused. */
            400: components["responses"]["Problem"];
            /** @description Nobody is signed in, and no token came with it. */
            401: components["responses"]["Problem"];
            /** @description Whoever asks may not, or the CSRF token is missing. */
            403: components["responses"]["Problem"];
            /** @description Anything else that went wrong. */
            default: components["responses"]["Problem"];
        };
    };
    take_back_refusal: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NumberBody"];
            };
        };
        responses: {
            /** @description Request fulfilled, document follows */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": null;
                };
            };
            /** @description The request does not have the form that this address takes, or was refused. */
            400: components["responses"]["Problem"];
            /** @description Nobody is signed in, and no token came with it. */
            401: components["responses"]["Problem"];
            /** @description Whoever asks may not, or the CSRF token is missing. */
            403: components["responses"]["Problem"];
            /** @description Anything else that went wrong. */
            default: components["responses"]["Problem"];
        };
    };
    read_users: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Request fulfilled, document follows */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UsersAnswer"];
                };
            };
            /** @description The request does not have the form that this address takes, or was refused. */
            400: components["responses"]["Problem"];
            /** @description Nobody is signed in, and no token came with it. */
            401: components["responses"]["Problem"];
            /** @description Whoever asks may not, or the CSRF token is missing. */
            403: components["responses"]["Problem"];
            /** @description Anything else that went wrong. */
            default: components["responses"]["Problem"];
        };
    };
    healthz: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Request fulfilled, document follows */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            /** @description The request does not have the form that this address takes, or was refused. */
            400: components["responses"]["Problem"];
            /** @description Anything else that went wrong. */
            default: components["responses"]["Problem"];
        };
    };
    metrics: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Request fulfilled, document follows */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain; version=0.0.4": string;
                };
            };
            /** @description The request does not have the form that this address takes, or was refused. */
            400: components["responses"]["Problem"];
            /** @description Anything else that went wrong. */
            default: components["responses"]["Problem"];
        };
    };
    readyz: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Request fulfilled, document follows */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Readiness"];
                };
            };
            /** @description The request does not have the form that this address takes, or was refused. */
            400: components["responses"]["Problem"];
            /** @description Anything else that went wrong. */
            default: components["responses"]["Problem"];
        };
    };
}
