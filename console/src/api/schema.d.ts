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
    "/api/v1/accounts/{account_id}/key-links": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Links to an account's key
         * @description Who gave one and who opened it, the newest first.
         */
        get: operations["read_key_links"];
        put?: never;
        /**
         * Make a link to the key
         * @description It opens once. One that was given before for the account opens nothing any more.
         */
        post: operations["give_key_link"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/accounts/{account_id}/out-of-service": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Zones of an account that are out of service
         * @description The same of one account.
         */
        get: operations["read_out_of_account"];
        put?: never;
        /**
         * Take zones out of service
         * @description Their signals are stored and shown, and start no response until the end, but for classes that stay live.
         */
        post: operations["take_out"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/accounts/{account_id}/schedules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Schedules of an account
         * @description One for the whole account, and one for each partition that has its own.
         */
        get: operations["read_schedules"];
        /**
         * Set the schedule of an account or a partition
         * @description Set it whole; refused where somebody changed it since.
         */
        put: operations["set_schedule"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/accounts/{account_id}/sheet": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Panel sheet
         * @description What an installer types into the panel, without its key, as PDF.
         */
        get: operations["read_sheet"];
        put?: never;
        post?: never;
        delete?: never;
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
    "/api/v1/accounts/{place_id}/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What happened at an account
         * @description The same of one account.
         */
        get: operations["read_account_history"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/action-plans": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Action plans
         * @description The centre's own plans with what is wrong with each now, those that ship, and what an editor needs.
         */
        get: operations["read_action_plans"];
        put?: never;
        /**
         * Make an action plan
         * @description Make a plan, or one in place of one that ships, under its name. It is checked, and every mistake named.
         */
        post: operations["make_action_plan"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/action-plans/{plan_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One action plan
         * @description One plan, by its id or its name.
         */
        get: operations["read_action_plan"];
        /**
         * Change an action plan
         * @description Put a new version in place of what it is. Incidents go on with the version that they began with.
         */
        put: operations["change_action_plan"];
        post?: never;
        /**
         * Remove an action plan
         * @description Remove a plan of the centre's own: the one that ships under its name is there again.
         */
        delete: operations["remove_action_plan"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/action-plans/{plan_id}/versions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Versions of a plan
         * @description Who changed a plan when, newest first. By a name: of all that ever had it, removed ones too.
         */
        get: operations["read_action_plan_versions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/action-plans/{plan_id}/versions/{version_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A plan as it was
         * @description One version, whole: saved again it is how the plan is from then on, as a version of its own.
         */
        get: operations["read_action_plan_version"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/action-plans/check": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Check an action plan
         * @description What is wrong with a plan, or may be. Nothing is saved.
         */
        post: operations["check_action_plan"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/action-plans/dry-run": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Go through an action plan dry
         * @description Which steps would come when, with these answers. Sends nothing.
         */
        post: operations["dry_run_action_plan"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/action-plans/switches/{type_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Let plans handle a type without an operator
         * @description Let the plan of a technical type handle its incidents of priority 3 and 4 without an operator, or not.
         */
        put: operations["switch_action_plan"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/approvals": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What waits for a second person
         * @description What one has asked for, and what one may be the second person of; newest first.
         */
        get: operations["read_approvals"];
        put?: never;
        /**
         * Ask for a second person
         * @description Ask for the yes of a second person. It is good for five minutes, once, for exactly these parameters.
         */
        post: operations["ask_approval"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/approvals/{approval_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One approval
         * @description One of them: whether it was given.
         */
        get: operations["read_approval"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/approvals/{approval_id}/answer": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Answer as the second person
         * @description Say yes or no, as the second person. Nobody answers what they asked for.
         */
        post: operations["answer_approval"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/approvals/{approval_id}/answer-here": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Answer on the first person's screen
         * @description Let the second person answer on the screen of the first, by name and password. No session is made of it.
         */
        post: operations["answer_approval_here"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/approvals/{approval_id}/contact": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The contact of a subject request that waits
         * @description What a subject request would look for, for a second person who may make one too. The reading is a fact.
         *
         *     It is in the memory of this process alone, until it is answered or five minutes are over. Other second persons
         *     agree to the procedure, and are shown no contact.
         */
        get: operations["read_contact"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/calls": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Calls that are being taken
         * @description Which calls are being taken at the desks of the room; nothing of what is said.
         */
        get: operations["read_calls"];
        put?: never;
        /**
         * Take a call
         * @description Begin a form with what was typed first. It is durable when this answers, and every desk sees the call.
         */
        post: operations["begin_call"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/calls/{call_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The form of a call
         * @description What stands in the form of a call that is being taken. Each reading is noted in the journal.
         */
        get: operations["read_call"];
        /**
         * Save the form of a call
         * @description Save what is typed, in place of what was saved before. It is durable when this answers.
         */
        put: operations["save_call"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/calls/{call_id}/abandon": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Abandon a call
         * @description End a call that is no report, with the reason. What stood in its form is erased.
         */
        post: operations["abandon_call"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/calls/{call_id}/join": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Join a call to an open incident
         * @description Add a call to an incident that is open: it is confirmed by a person, and as urgent as the call says.
         */
        post: operations["join_call"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/calls/{call_id}/open": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Open an incident of a call
         * @description Open an incident. It is durable when this answers; the same again gets the same answer for 30 days.
         */
        post: operations["open_of_call"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/calls/{call_id}/take-over": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take a call over
         * @description Go on with a form that another desk began. Whoever had it saves no more.
         */
        post: operations["take_call_over"];
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
         * @description Every incident type with its meaning, questions and checks; dispositions, reasons, time to claim.
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
    "/api/v1/chains": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Chains of escalation
         * @description All chains with what is wrong with each now, and the built-in one, which is there without them.
         */
        get: operations["read_chains"];
        put?: never;
        /**
         * Make a chain
         * @description Make a chain; it holds for what begins to wait from now on. One that reaches nobody at its end is refused.
         */
        post: operations["make_chain"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/chains/{chain_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One chain
         * @description One chain.
         */
        get: operations["read_chain"];
        /**
         * Change a chain
         * @description Put a chain in place of what it is; refused with how it is now where somebody changed it since.
         */
        put: operations["change_chain"];
        post?: never;
        /**
         * Remove a chain
         * @description Remove a chain: the built-in one is there again.
         */
        delete: operations["remove_chain"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/chains/check": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Check a chain
         * @description What is wrong with a chain, or may be. Nothing is saved.
         */
        post: operations["check_chain"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/chains/dry-run": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Try a chain without sending
         * @description Who would be told of such an incident now, when and by which channels, if nobody answered. Sends nothing.
         */
        post: operations["dry_run"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/chains/last-days": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Try a chain on the last days
         * @description For which incidents a chain would have been, who would have been told when, and of which nobody.
         *
         *     By the journal, and by the groups, rosters and contacts of today. Nobody is told, nothing is stored.
         */
        post: operations["last_days"];
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
    "/api/v1/desks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Add a desk
         * @description With the classes and priorities that it takes; none: all.
         */
        post: operations["add_desk"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/desks/{desk_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Change a desk
         * @description Its label, and what it takes; refused where somebody changed it since it was looked at.
         */
        put: operations["change_desk"];
        post?: never;
        /**
         * Remove a desk
         * @description One that nobody is on shift at.
         */
        delete: operations["remove_desk"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/duty": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What the phone page is made of
         * @description The types that people report, and the places that staff choose from, for a phone to keep.
         */
        get: operations["read_duty"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/duty/card": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Duty card
         * @description The short numbers, the control room's telephone and the code of the phone page, as PDF.
         */
        get: operations["read_card"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/duty/check-in": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The own check-in
         * @description The check-in that goes on, or was missed lately: of the own person, and of nobody else.
         */
        get: operations["read_check_in"];
        put?: never;
        /**
         * Begin a check-in
         * @description Be heard of by then, or be looked for. It is durable, with its timer, when this answers.
         */
        post: operations["begin_check_in"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/duty/check-in/{check_in_id}/end": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * All is well, and it is over
         * @description End it: nobody is looked for. It is durable when this answers.
         */
        post: operations["end_check_in"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/duty/check-in/{check_in_id}/go-on": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * All is well, and it goes on
         * @description Begin its time anew.
         */
        post: operations["go_on"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/duty/places": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Places by how their names begin
         * @description Sites, for a centre that has more of them than a phone is given at once.
         */
        get: operations["read_duty_places"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/duty/places/{place_code}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Where a code is
         * @description The place that a scanned code names.
         */
        get: operations["read_coded_place"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/duty/receipts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What became of the own reports
         * @description Received, claimed, closed: of those that this person sent in the last 30 days, and of nobody else's.
         */
        get: operations["read_receipts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/duty/reports": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Report something
         * @description Open an incident. It is durable when this answers; the same report again gets its receipt for 30 days.
         */
        post: operations["send_report"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/duty/reports/{report_id}/stills": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a picture with an own report
         * @description The body is the picture, and the box is what stays clear; all else is pixelated before anything is stored.
         *
         *     Its pixels alone are kept, for 72 hours. The same picture again gets the same answer for 30 days.
         */
        post: operations["send_still"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/duty/sheets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Codes of places, to hang up
         * @description A sheet for each site and each building on it: whoever scans its code is there.
         */
        get: operations["read_sheets"];
        put?: never;
        post?: never;
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
    "/api/v1/export/action-plans": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Export action plans
         * @description The centre's own plans with their words, or one plan. Importing the file again changes nothing.
         */
        get: operations["export_action_plans"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/export/keyholders": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Export keyholders
         * @description A file of every row, without any key. Importing it again changes nothing.
         */
        get: operations["export_keyholders"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/export/schedules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Export schedules
         * @description A file of every row, without any key. Importing it again changes nothing.
         */
        get: operations["export_schedules"];
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
    "/api/v1/figures": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Figures of a period
         * @description Reaction, handling, unwanted alarms, load and supervision, from the journal alone.
         *
         *     Exercises and tests are never in it. Nothing is of fewer than three people; what was joined for that says so.
         */
        get: operations["read_figures"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/figures/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Figures of a period, as a file
         * @description The same, as a table of plain values, as one HTML file, as JSON, or as PDF to print.
         */
        get: operations["export_figures"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/figures/profiles": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Profiles that figures are measured against
         * @description Shipped ones, and the centre's own, each with how many of its figures are unconfirmed.
         */
        get: operations["read_figure_profiles"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/flood": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Alarm flood and load
         * @description Whether an alarm flood goes on, and how many incidents were announced, against the chosen profile.
         */
        get: operations["read_flood"];
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
    "/api/v1/gazetteer": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Places by name
         * @description Imported places whose words begin as these do. Nothing of what is asked is kept.
         */
        get: operations["find_places"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/gazetteer/sources": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What was imported into the gazetteer
         * @description How many places, from where, and when.
         */
        get: operations["read_gazetteer_sources"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/gazetteer/sources/{place_source_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Import places
         * @description Take a file in place of what this source brought before: all of it or nothing. The body is the file itself.
         *
         *     They are found at once. A backup does not have them.
         */
        post: operations["import_gazetteer"];
        /**
         * Remove imported places
         * @description Take out what a source brought.
         */
        delete: operations["remove_gazetteer"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/grants": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Whose own a site or account is
         * @description Every site of a site contact and every account of an installer.
         */
        get: operations["read_grants"];
        put?: never;
        /**
         * Make it somebody's own
         * @description Let a site contact see a site, or an installer an account.
         */
        post: operations["make_grant"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/grants/{user_id}/{target_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Take it back
         * @description Let a site or account be somebody's own no more.
         */
        delete: operations["end_grant"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/groups": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Groups of people who are told together
         * @description All groups, with what each of their people can do.
         */
        get: operations["read_groups"];
        put?: never;
        /**
         * Make a group
         * @description Make a group of people who are told together.
         */
        post: operations["make_group"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/groups/{group_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Change a group
         * @description Put a group in place of what it is; refused with how it is now where somebody changed it since.
         */
        put: operations["change_group"];
        post?: never;
        /**
         * Remove a group
         * @description Remove a group that no chain tells.
         */
        delete: operations["remove_group"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/hold-up": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Call for help in silence
         * @description Open a hold-up of the control room itself, and have people elsewhere told at once.
         *
         *     Of a person it shows nothing on the own screens while it is open; of a program's token, on no operator's. The
         *     answer says nothing but that it is stored; the same again is answered alike. A locked session may, too.
         */
        post: operations["hold_up"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/holds": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Legal holds
         * @description The latest legal holds, lifted ones too.
         */
        get: operations["read_holds"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/holidays": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Calendars of holidays that schedules share
         * @description Each with its days, and with who shares it.
         */
        get: operations["read_holidays"];
        put?: never;
        /**
         * Add a calendar of holidays
         * @description Schedules name it to share it.
         */
        post: operations["add_holidays"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/holidays/{holidays_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Change a calendar of holidays
         * @description Whole, and with it every schedule that shares it; where somebody changed it since, the refusal shows it.
         */
        put: operations["change_holidays"];
        post?: never;
        /**
         * Remove a calendar of holidays
         * @description Refused while schedules share it; the answer says whose.
         */
        delete: operations["remove_holidays"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/holidays/{holidays_id}/calendar": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take holidays from an iCalendar file
         * @description Its days take the place of those that are there. No word of the file is kept.
         */
        post: operations["read_calendar"];
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
    "/api/v1/import/action-plans": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Import action plans
         * @description Make and change plans by their names from a JSON or TOML file: all of it or nothing, each as a new version.
         *
         *     With `dry_run` mistakes stand in the answer; without, they are a problem, and nothing was changed.
         */
        post: operations["import_action_plans"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/import/keyholders": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Import keyholders
         * @description Import a file, CSV or JSON: the whole file or nothing. The body is the file itself.
         *
         *     With `dry_run` mistakes are listed in the answer; without, they are a problem with code `import.rows`.
         */
        post: operations["import_keyholders"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/import/schedules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Import schedules
         * @description Import a file, CSV or JSON: the whole file or nothing. The body is the file itself.
         *
         *     With `dry_run` mistakes are listed in the answer; without, they are a problem with code `import.rows`.
         */
        post: operations["import_schedules"];
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
         *
         *     Of the closed ones an operator sees those that were the own, for seven days.
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
    "/api/v1/incidents/{incident_id}/calls": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Note a call to a keyholder
         * @description What became of a call, in a word of the list; the answer says whom to call next.
         */
        post: operations["note_call"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/incidents/{incident_id}/chain": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How far its chain has come
         * @description Which steps were taken, which comes next and when, and how many are coming of how many.
         */
        get: operations["read_position"];
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
    "/api/v1/incidents/{incident_id}/data": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * When an incident's data end
         * @description Whether there are texts of the incident, when they are erased, and what holds them. Never a word of them.
         *
         *     For whoever may see the incident itself: when its texts end tells whether somebody was missing.
         */
        get: operations["read_data"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/incidents/{incident_id}/dial": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Have the telephone system call
         * @description Let the desk's telephone ring, then the other side. Answers at once: taken, or why not; never tried again.
         */
        post: operations["dial"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/incidents/{incident_id}/erase": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Erase an incident's texts before their time
         * @description Destroy the key of a closed incident's texts, for ever. Takes two persons: act `erase.early`.
         */
        post: operations["erase"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/incidents/{incident_id}/help-note": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The help note
         * @description What helping needs to know. Each person's first reading of each claim is a fact in the journal.
         */
        get: operations["read_help_note"];
        /**
         * Write the help note
         * @description Put the help note in place of what it was, whole. It lies sealed and dies with the incident.
         */
        put: operations["write_help_note"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/incidents/{incident_id}/help-note/confirm": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Confirm the help note
         * @description Say that the note about somebody missing was looked at again, and is right as it is: due in 12 hours.
         */
        post: operations["confirm_help_note"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/incidents/{incident_id}/holds": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Set a legal hold
         * @description Keep the texts of an incident until a date. Takes two persons: act `hold.set`.
         */
        post: operations["set_hold"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/incidents/{incident_id}/holds/{hold_id}/lift": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Lift a legal hold
         * @description End a legal hold before its date. Takes two persons: act `hold.lift`.
         */
        post: operations["lift_hold"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/incidents/{incident_id}/keyholders": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Whom to telephone
         * @description The call list of an open incident's site. Where `no_call_first` is true, premises are not called first.
         */
        get: operations["read_call_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/incidents/{incident_id}/merge": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Merge
         * @description Say that it is the same happening as another: it is closed as a duplicate, and what comes of it goes there.
         *
         *     409 `merge.claimed_by_others` names who has one of them; with `take_over` whoever asks has the other one then.
         */
        post: operations["merge"];
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
    "/api/v1/incidents/{incident_id}/notices": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Who was told of it
         * @description Notices of an incident, newest first, with their answers.
         */
        get: operations["read_incident_notices"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/incidents/{incident_id}/notify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Tell people
         * @description Have people told of an open incident. Who is off duty, or said "not now", is not; the answer says so.
         */
        post: operations["notify"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/incidents/{incident_id}/phrase": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Have a phrase checked
         * @description Say whether a word is the right one, a wrong one, or the one for duress. That is noted, never the word.
         */
        post: operations["check_phrase"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/incidents/{incident_id}/place": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The place, in one look
         * @description Hazards, access, warnings, keyholders in numbers; what is armed, on test, out of service or not heard.
         */
        get: operations["read_quick_place"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/incidents/{incident_id}/plan": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The action plan
         * @description The plan of an incident with what became of each step, or the plan that it would begin now.
         */
        get: operations["read_plan"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/incidents/{incident_id}/plan/begin": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Begin the action plan
         * @description Begin the plan where none has begun: of an incident that was claimed before there were plans.
         */
        post: operations["begin_plan"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/incidents/{incident_id}/plan/next": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Go past a step
         * @description Go past the step whose turn it is, which is not mandatory.
         */
        post: operations["pass_step"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/incidents/{incident_id}/plan/step": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * What became of a step
         * @description Say what became of the step whose turn it is. A call to a keyholder is the same fact as on the call list.
         */
        post: operations["do_step"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/incidents/{incident_id}/plan/waive": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Leave a step undone
         * @description Leave the step undone whose turn it is, for a coded reason; or all that stand in the way of closing.
         */
        post: operations["waive_step"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/incidents/{incident_id}/plans": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Floor plans of its place
         * @description The plans of the incident's site, and which zones are active in it.
         */
        get: operations["read_incident_plans"];
        put?: never;
        post?: never;
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
    "/api/v1/incidents/{incident_id}/reports": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What people reported
         * @description Each report of an incident in the caller's words. Each person's first reading of each claim is a fact.
         */
        get: operations["read_reports"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/incidents/{incident_id}/shelve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Shelve
         * @description Put an incident aside for a while, with a reason: it stays open, listed and counted, and is silent.
         *
         *     What is about lives needs two persons: one has claimed it, and another with `incident.shelve_urgent` shelves it,
         *     for 10 minutes at most.
         */
        post: operations["shelve"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/incidents/{incident_id}/split": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Split
         * @description Make an incident of its own of some signals. The answer is the old one; the new one is in the queue.
         */
        post: operations["split"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/incidents/{incident_id}/stills": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Stills of an incident
         * @description Which stills it has, and until when, with those of what was merged into it. Erased ones are named, with when.
         *
         *     Merged, they may be more than one incident takes.
         */
        get: operations["read_stills"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/incidents/{incident_id}/stills/{still_id}/clear": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A still whose mask was lifted
         * @description JPEG without its mask, once, within half a minute, to the sign-in that lifted it.
         */
        get: operations["read_clear"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/incidents/{incident_id}/stills/{still_id}/lift": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Lift the mask of a still
         * @description Who lifts it and why is a fact before this answers. The picture itself comes once, to this sign-in alone.
         */
        post: operations["lift_mask"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/incidents/{incident_id}/stills/{still_id}/mask": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Note that a still is masked again
         * @description After how long, and why. Where nobody says so the time line counts the whole time that it may be lifted.
         */
        post: operations["mask_again"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/incidents/{incident_id}/stills/{still_id}/masked": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A masked still
         * @description JPEG, pixelated but for the box. It is kept in no cache. Each person's first one of each claim is a fact.
         */
        get: operations["read_masked"];
        put?: never;
        post?: never;
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
    "/api/v1/incidents/{incident_id}/unmerge": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Undo a merge
         * @description Let an incident that was merged be by itself again: open, and whoever asks has it. For 12 hours.
         */
        post: operations["unmerge"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/incidents/{incident_id}/unshelve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take back from the shelf
         * @description Let a shelved incident be shown and sound again before its time.
         */
        post: operations["unshelve"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/incidents/{incident_id}/unsplit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Undo a split
         * @description Let the signals that were split off for this incident go back; it is closed as a duplicate. For 12 hours.
         */
        post: operations["unsplit"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/incidents/{incident_id}/warnings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Warnings about the place
         * @description What crews who are sent there are warned of; of a closed incident, the warnings that it is the cause of.
         */
        get: operations["read_place_warnings"];
        put?: never;
        /**
         * Warn about the place
         * @description Warn crews, with this closed incident as the cause, for six months at most. The same danger is renewed.
         */
        post: operations["warn_of_place"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/incidents/{incident_id}/wishes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A resident's wishes
         * @description What a resident wants crews to know, in an open incident of that home.
         */
        get: operations["read_wishes"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/intake/calls": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Tell of a call
         * @description A telephone system tells that a call rings, was answered or has ended. Durable when this answers.
         */
        post: operations["take_call_event"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/intake/locations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a caller's position
         * @description The position of a telephone that dialled for help (AML). What is of no use is thrown away, and still 204.
         */
        post: operations["take_location"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/intake/signals": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send signals
         * @description One signal, or several that are stored together or not at all. The answer comes when they are durable.
         */
        post: operations["take_signals"];
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
    "/api/v1/journal/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Export the journal
         * @description JSON lines as `tocsin journal export` writes them, with the signed heads, so that they verify alone.
         *
         *     Nothing sealed is in it, and people are opaque ids. The export is a fact, `journal.exported`, and its last line.
         */
        get: operations["export_journal"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/journal/unsealed": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Export entries with what was sealed with them
         * @description Messages, texts and user numbers of one incident, or of one account and seven days at most.
         *
         *     Takes two persons: act `journal.unsealed_export`. In `derived` of each line stands what the vault still had.
         */
        post: operations["export_unsealed"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/key-links/{link_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * End a link to a key
         * @description It opens nothing more.
         */
        delete: operations["end_key_link"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/keyholders/{keyholder_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Change a keyholder
         * @description Put name, numbers and place on the list in place of what they are. It counts as confirmed.
         */
        put: operations["change_keyholder"];
        post?: never;
        /**
         * Remove a keyholder
         * @description Take somebody off the list. Contact and phrases are destroyed 30 days later.
         */
        delete: operations["remove_keyholder"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/keyholders/{keyholder_id}/confirm": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Confirm a keyholder
         * @description Note that somebody made sure: still ready, same numbers. Due once a year.
         */
        post: operations["confirm_keyholder"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/keyholders/{keyholder_id}/phrases": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Set phrases
         * @description Give a keyholder these phrases and no others. What is kept tells whether a word is right, not the word.
         */
        put: operations["set_keyholder_phrases"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/keyholders/{keyholder_id}/take-back": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take a keyholder back
         * @description Put somebody who was removed within 30 days on the list again, at its end.
         */
        post: operations["take_keyholder_back"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/keyholders/due": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Where something is to be confirmed
         * @description Sites with keyholders that nobody confirmed for a year, or wishes whose review is near. Nobody is named.
         */
        get: operations["read_keyholders_due"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/lines": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Telephone lines
         * @description Lines of equipment with their places, and the telephones of desks.
         */
        get: operations["read_lines"];
        put?: never;
        /**
         * Add a line
         * @description At a site, or the telephone of a desk.
         */
        post: operations["add_line"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/lines/{line_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Change a line
         * @description Put a line in place of what it is; refused where somebody changed it since.
         */
        put: operations["change_line"];
        post?: never;
        /**
         * Remove a line
         * @description Calls of it have no place any more.
         */
        delete: operations["remove_line"];
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
    "/api/v1/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The own account
         * @description What one can sign in with, where one is signed in, and what is one's own.
         */
        get: operations["read_me"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me/contacts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Add a contact
         * @description Add a way to be reached. It counts when a test of it was answered.
         */
        post: operations["add_contact"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me/contacts/{contact_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Remove a contact
         * @description Forget a contact; its address is destroyed.
         */
        delete: operations["remove_contact"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me/contacts/{contact_id}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Test it
         * @description Send oneself a test, whatever one's duty is. Answer it, and the contact counts.
         */
        post: operations["test_contact"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me/holdings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What is held about oneself
         * @description Everything that the centre holds about whoever asks, and about nobody else.
         */
        get: operations["read_holdings"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A new password
         * @description Set the own password. It needs the old one, unless one came by a link just now. Other sessions end.
         */
        post: operations["set_own_password"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me/pin": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A PIN for unlocking
         * @description Set the PIN that unlocks a desk where one is signed in. It lets nobody in anywhere else.
         */
        post: operations["set_pin"];
        /**
         * No PIN any more
         * @description Forget the PIN; a desk is then unlocked by the password.
         */
        delete: operations["remove_pin"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me/reach": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How one is reached
         * @description Own contacts, when one may be notified, and what is switched on here. No address is shown whole.
         */
        get: operations["read_reach"];
        /**
         * When one may be notified
         * @description On shift: on duty until a time. From home: reachable, or "not now" until a time. No sign-out changes it.
         */
        put: operations["set_reach"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me/reach/calendar": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take own absences from an iCalendar file
         * @description Its days take the place of those taken before. No word of the file is kept.
         */
        post: operations["take_absences"];
        /**
         * Forget the own absences
         * @description The days of the own calendar count no more; the own week stays.
         */
        delete: operations["drop_absences"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me/reach/rules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * By which channels one is told, and how soon
         * @description Two sets of rules, for what is urgent and for the rest; an empty one is the ladder of the centre.
         */
        put: operations["set_rules"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me/reach/week": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * When one is not to be told, each week
         * @description So "not now" is said by itself, for who is called from home. The last step of a chain goes all the same.
         */
        put: operations["set_week"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me/recovery-codes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * New recovery codes
         * @description Ten new codes, shown this once; those before are good for nothing any more.
         */
        post: operations["make_recovery_codes"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me/sessions/{session_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * End an own session
         * @description End one of the own sessions: a desk that was left, a phone that was lost.
         */
        delete: operations["end_own_session"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me/sign-out": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sign out everywhere else
         * @description End every other session of one's own, phones too. This one goes on.
         */
        post: operations["sign_out_elsewhere"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me/totp": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Set up an authenticator
         * @description A secret for an authenticator. It counts when a code of it was given.
         */
        post: operations["begin_totp"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me/totp/confirm": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * The first code
         * @description From now on signing in wants a code as well. The recovery codes are shown this once.
         */
        post: operations["confirm_totp"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me/totp/remove": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * No authenticator any more
         * @description Sign in by password alone again. The recovery codes go too.
         */
        post: operations["remove_own_totp"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/notices": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The delivery board
         * @description Who was told of what, by which attempts, and who answered; newest first. Tests are among them.
         */
        get: operations["read_notices"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/notices/{notice_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Let go of a notice
         * @description Send nothing more of it.
         */
        delete: operations["drop_notice"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/notices/{notice_id}/again": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send again
         * @description Have somebody told anew: what was held after a restore, has failed or expired.
         */
        post: operations["send_again"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/notices/bounces": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Give back a mail that could not be delivered
         * @description The mail whole, as the server sent it (RFC 3464). The same again changes nothing.
         */
        post: operations["take_bounce"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/notices/callback/{secret}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * What a program or a device tells of a notice
         * @description A receipt or an answer. The path is the notice's own, and was sent with it.
         */
        post: operations["told"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/on-test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Places on test, by their end
         * @description Each with what arrived, what is missing, and whether somebody may have forgotten it.
         */
        get: operations["read_on_test"];
        put?: never;
        /**
         * Put a place on test
         * @description Its signals are stored and shown, and start no response until the end, but for classes that stay live.
         */
        post: operations["begin_test"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/on-test-codes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One-day codes that are out
         * @description Each for one place; their letters are told nobody again.
         */
        get: operations["read_test_codes"];
        put?: never;
        /**
         * Give an installer a one-day code
         * @description For one place, until its end at most. Say its letters by telephone to whom you know.
         */
        post: operations["give_test_code"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/on-test-codes/{code_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * End a one-day code
         * @description It opens nothing more. A test that goes on goes on.
         */
        delete: operations["end_test_code"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/on-test/{test_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One test with what arrived
         * @description A test that goes on or is over, with its newest signals.
         */
        get: operations["read_one_test"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/on-test/{test_id}/end": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * End it now
         * @description What is still active opens as an incident.
         */
        post: operations["end_test"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/on-test/{test_id}/extend": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * End it later
         * @description Put the end off, each time by an act of its own.
         */
        post: operations["extend_test"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/on-test/{test_id}/report": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The walk-test report
         * @description Which zones were tested and which are missing, with what arrived, as PDF.
         */
        get: operations["read_report"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/out-of-service": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Zones out of service, by their end
         * @description Each with its reason, what it said, and whether somebody may have forgotten it.
         */
        get: operations["read_out_of_service"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/out-of-service/{out_id}/end": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Put zones back into service now
         * @description What is still active opens as an incident.
         */
        post: operations["put_back"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/out-of-service/{out_id}/extend": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Put zones back later
         * @description Put the end off, each time by an act of its own.
         */
        post: operations["extend_out"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/own/accounts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The accounts that one looks after
         * @description Whether each is heard, and its technical faults. No alarms, and nobody else's accounts.
         */
        get: operations["read_own_accounts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/own/accounts/{account_id}/key-links": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Links to one's account's key
         * @description The same, for whoever looks after the account.
         */
        get: operations["read_own_key_links"];
        put?: never;
        /**
         * Make a link to the key of one's own account
         * @description The same, for whoever looks after the account: a key once, then a new one.
         */
        post: operations["give_own_key_link"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/own/accounts/{account_id}/sheet": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Panel sheet of one's own account
         * @description The same, for whoever looks after the account.
         */
        get: operations["read_own_sheet"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/own/incidents": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What happens at the own sites
         * @description Open incidents at the own sites and what was closed there in the last 30 days. No texts, no names.
         */
        get: operations["read_own_incidents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/own/keyholders/{keyholder_id}/confirm": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Confirm a keyholder of one's site
         * @description Say that somebody on the own call list is still ready, under the same numbers.
         */
        post: operations["confirm_own_keyholder"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/own/on-test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The own places on test
         * @description Tests of the own places, whoever set them.
         */
        get: operations["read_own_tests"];
        put?: never;
        /**
         * Put one's own place on test
         * @description For as long as the centre lets one. Fire, hold-up and medical stay live.
         */
        post: operations["begin_own_test"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/own/on-test/{test_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One test, and what came of it
         * @description What came of it, without whatever stayed live.
         */
        get: operations["read_own_test"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/own/on-test/{test_id}/end": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * End it now
         * @description What is still active opens as an incident.
         */
        post: operations["end_own_test"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/own/on-test/{test_id}/report": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Walk-test report
         * @description Which zones were tested and which are missing, as PDF.
         */
        get: operations["read_own_report"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/own/sites/{site_id}/keyholders": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Keyholders of one's site
         * @description The call list of a site that whoever asks is the contact of.
         */
        get: operations["read_own_keyholders"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/paper/call-form": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Call form on paper
         * @description An empty call form as PDF.
         */
        get: operations["read_call_paper"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/paper/open-incidents": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Open incidents on paper
         * @description The open incidents as they stand now, as PDF, with places that were told, and no other words of callers.
         *
         *     Each person's first one of each claim is a fact of the incidents whose place was told.
         */
        get: operations["read_open_paper"];
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
         * @description Names of accounts by id, with their sites and zones, and of sites. What is not there is left out.
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
    "/api/v1/plans/{plan_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Say what a floor plan shows
         * @description Its level, and where zones are on it.
         */
        put: operations["change_plan"];
        post?: never;
        /**
         * Remove a floor plan
         * @description Its picture is destroyed for ever.
         */
        delete: operations["remove_plan"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/plans/{plan_id}/picture": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The picture of a floor plan
         * @description PNG or JPEG. It is kept in no cache: somebody may remove it.
         */
        get: operations["read_plan_picture"];
        /**
         * Put another picture in place of a floor plan
         * @description Zones stay where they are.
         */
        put: operations["replace_plan"];
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
    "/api/v1/queue-parts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Offer part of the queue to another desk
         * @description What is open of a class or a site. Until somebody at that desk accepts, nothing changes.
         */
        post: operations["offer_part"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/queue-parts/{part_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * End a part
         * @description Withdraw what one offered, decline it, or give it back: what is open of it is the whole room's again.
         */
        delete: operations["end_part"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/queue-parts/{part_id}/accept": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Accept a part
         * @description For the desk at which one is on shift; what its offerer had claimed is claimed by oneself.
         */
        post: operations["accept_part"];
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
    "/api/v1/retention": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How long personal data are kept, and why
         * @description Every class of personal data: how long it is kept here, the default, and the reason.
         */
        get: operations["read_retention"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/retention/waiting": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What waits for its erasure after a restore
         * @description Incidents whose texts fell due after the backup that was restored: shown to nobody, erased after a week.
         *
         *     A legal hold on one of them opens its texts again and keeps them; they may have had one that no backup knows.
         *     When it was closed is for whoever may see closed incidents: what waits so soon was of somebody missing.
         */
        get: operations["read_waiting"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/retention/waiting/release": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Erase now all that waits after a restore
         * @description Let all that waits fall due now; it is erased within a minute. Takes two persons: act `erase.waiting`.
         */
        post: operations["release_waiting"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/rings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Calls of the telephone system
         * @description Which calls ring, are talked in, or wait to be called back. No number stands in it.
         */
        get: operations["read_rings"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/rings/{ring_id}/locations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Positions of a caller
         * @description Where the caller is, as the telephone or its network said. Each reading is noted in the journal.
         */
        get: operations["read_ring_locations"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/rings/{ring_id}/number": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Whom to call back
         * @description The number of a caller. Each reading is noted in the journal.
         */
        get: operations["read_ring_number"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/rings/{ring_id}/returned": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Called back
         * @description Say that somebody has called back who was not answered, or that this was a mistake.
         */
        post: operations["return_ring"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/rings/{ring_id}/take": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Open the form of a call
         * @description Open the call form of a call that rings, with its number and the place of its line.
         */
        post: operations["take_ring"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/roles": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Who may what
         * @description Every role, scope and permission in words, and what takes two persons.
         */
        get: operations["read_roles"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/rosters": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Who is on call, by every roster
         * @description Now and next, and the times within five weeks in which nobody is.
         */
        get: operations["read_rosters"];
        put?: never;
        /**
         * Add a roster
         * @description With its layers. The answer says where nobody is on call.
         */
        post: operations["add_roster"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/rosters/{roster_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Change a roster
         * @description All of it but its exceptions; refused where somebody changed it since it was looked at.
         */
        put: operations["change_roster"];
        post?: never;
        /**
         * Remove a roster
         * @description Nobody is asked by it any more; a desk that had it has none.
         */
        delete: operations["remove_roster"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/rosters/{roster_id}/overrides": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Somebody instead of another
         * @description For a time; of several exceptions the later one counts.
         */
        post: operations["add_override"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/rosters/{roster_id}/overrides/{override_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Take an exception back
         * @description From now on the turns count again. Of one that is not there nothing changes.
         */
        delete: operations["end_override"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/rules/parameters": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What judgement goes by
         * @description Every parameter with what is in force, what ships and its range; who set what when.
         */
        get: operations["read_parameters"];
        /**
         * Change what judgement goes by
         * @description Let decisions go by these from the next signal on; what is not named is as it ships. Try them dry first.
         */
        put: operations["set_parameters"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/rules/parameters/dry-run": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Try other parameters on the signals of the last days
         * @description Where the signals of the last days would have ended by these. Nothing is stored, nobody is told.
         *
         *     By the journal: accounts, zones, tests and what people closed as they were at each moment. Ended where the
         *     asker goes away.
         */
        post: operations["try_parameters"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/schedules/{schedule_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Remove a schedule
         * @description Nothing is waited for any more.
         */
        delete: operations["remove_schedule"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/schedules/{schedule_id}/calendar": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take days from an iCalendar file
         * @description Its days take the place of those of the calendar before. No word of the file is kept.
         */
        post: operations["take_calendar"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/schedules/{schedule_id}/tonight": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Let it close at another time today
         * @description For this one day; tomorrow it is as ever.
         */
        post: operations["set_tonight"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/scope-sheet": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What the centre can be asked about
         * @description The scope sheet: counted by month from the journal alone, without a name, number, place or text.
         */
        get: operations["read_scope_sheet"];
        put?: never;
        post?: never;
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
         * @description Who is signed in here, what they may while it is not locked, and what to send with each change.
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
    "/api/v1/session/challenge": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What this phone signs
         * @description What the phone signs to show that it is the one that this session is bound to. Good for one proof.
         */
        get: operations["read_challenge"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session/confirm": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Show again who it is
         * @description Give password and code once more: for 15 minutes one may then change how one signs in.
         */
        post: operations["confirm_session"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session/device": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Bind to this phone
         * @description Bind a responder's session to a phone's key: 90 days; every 10 minutes the phone shows that it is the one.
         */
        post: operations["bind_device"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session/lock": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Lock this desk
         * @description Let this desk go on showing the queue and sounding, and take no command until it is unlocked.
         */
        post: operations["lock_session"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session/proof": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Show this phone
         * @description Answer the challenge; the session then goes on for another ten minutes, under the cookie of the answer.
         */
        post: operations["prove_device"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session/touched": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Somebody is at this desk
         * @description Say that somebody has touched key or pointer here: what tells an attended desk from an abandoned one.
         *
         *     Kept in memory, as the time alone; the console says it at most once a minute.
         */
        post: operations["touch_session"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session/unlock": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Unlock this desk
         * @description Unlock by PIN or password. A wrong one delays the next, and never ends the session.
         */
        post: operations["unlock_session"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Who is signed in
         * @description Every open session, newest first.
         */
        get: operations["read_sessions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sessions/{session_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * End a session
         * @description End somebody's session: a desk that was left open, a phone that was lost.
         */
        delete: operations["end_any_session"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/shifts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Who is on shift, at which desk
         * @description Every desk with who is on and whether a console of theirs lives; who is called from home.
         */
        get: operations["read_shifts"];
        put?: never;
        /**
         * Go on shift
         * @description Be on shift at a desk, by one's own word; notices come from now on, where duty decides.
         */
        post: operations["begin_shift"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/shifts/{shift_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What goes with a shift
         * @description A shift with its open incidents, tests, zones out of service, held notices and timers, as they are now.
         */
        get: operations["read_one_shift"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/shifts/{shift_id}/accept": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Accept it
         * @description Be responsible for the list as a whole from now on; the other's open incidents are claimed with it.
         */
        post: operations["accept_shift"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/shifts/{shift_id}/end": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Go off shift
         * @description Without handing over: while somebody else is on, and with nothing claimed. A supervisor ends the last one.
         */
        post: operations["end_shift"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/shifts/{shift_id}/offer": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Hand it over
         * @description To a colleague. Until they accept, whoever hands over stays responsible.
         */
        post: operations["offer_shift"];
        /**
         * End a hand-over
         * @description Withdraw what one handed over, or decline it.
         */
        delete: operations["end_offer"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/shifts/{shift_id}/take-over": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take it over
         * @description From somebody who has gone, without their word.
         */
        post: operations["take_over_shift"];
        delete?: never;
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
    "/api/v1/sites/{place_id}/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What happened at a site
         * @description Incidents, tests, openings and closings, and changes: who, when, and which fields. Newest first.
         */
        get: operations["read_site_history"];
        put?: never;
        post?: never;
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
    "/api/v1/sites/{site_id}/keyholders": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Keyholders of a site
         * @description The call list, and who was removed within 30 days. The reading is a fact in the journal before it comes.
         */
        get: operations["read_keyholders"];
        put?: never;
        /**
         * Make a keyholder
         * @description Put somebody on the call list of a site.
         */
        post: operations["make_keyholder"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sites/{site_id}/keyholders/order": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Put a call list in order
         * @description Let the keyholders of a site be called in this order. All of them are named.
         */
        put: operations["order_keyholders"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sites/{site_id}/phrases": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Set the phrases of a site
         * @description Give a whole site these phrases and no others, for whoever answers there.
         */
        put: operations["set_site_phrases"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sites/{site_id}/plans": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Floor plans of a site
         * @description The plans with the zones on them, and all zones of the site.
         */
        get: operations["read_plans"];
        put?: never;
        /**
         * Add a floor plan
         * @description The body is the file: PNG, JPEG or PDF. Its pixels alone are kept.
         */
        post: operations["add_plan"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sites/{site_id}/schedules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Schedules of a site's accounts
         * @description Those of all accounts that stand there.
         */
        get: operations["read_site_schedules"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sites/{site_id}/wishes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Set a resident's wishes
         * @description Note what a resident wants crews to know, whole, with consent and review date. No answer shows it again.
         */
        put: operations["set_wishes"];
        post?: never;
        /**
         * Take a resident's wishes away
         * @description Destroy the note: the resident does not want it any more.
         */
        delete: operations["remove_wishes"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sources": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Every way in
         * @description Sources with what came from them, the panels' receiver, and the words that a machine may say.
         */
        get: operations["read_sources"];
        put?: never;
        /**
         * Make a source
         * @description Let a machine or program send for an account, with tokens of scope `intake`.
         */
        post: operations["make_source"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sources/{source_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One source and its devices
         * @description A source, and the devices that were heard among its newest signals, known ones and others.
         */
        get: operations["read_source"];
        /**
         * Change a source
         * @description Put a source in place of what it is; refused where somebody changed it since.
         */
        put: operations["change_source"];
        post?: never;
        /**
         * Remove a source
         * @description Take nothing more from it. Its account stays, and so does all that it sent.
         */
        delete: operations["remove_source"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sources/{source_id}/message": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Explain a message
         * @description Judge a pasted message as the way in would: what would be kept of it, or why it is refused.
         *
         *     Nothing is stored or counted.
         */
        post: operations["explain_message"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sources/{source_id}/secret": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Let a source sign
         * @description Make a secret that each request must be signed with from now on (Standard Webhooks). Shown this once.
         */
        post: operations["make_source_secret"];
        /**
         * Take signatures off a source
         * @description Let a token be enough again. The secret is destroyed.
         */
        delete: operations["remove_source_secret"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sources/{source_id}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Test a way in
         * @description Send a test through the source's way, whole, and say what became of it. It opens nothing.
         *
         *     By the broker and back, by our own mail server, or as a request. It does not count as heard.
         */
        post: operations["test_source"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sources/{source_id}/tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make a token for a source
         * @description Make a token that sends for this source alone. Its secret is in this answer, and kept nowhere.
         */
        post: operations["make_source_token"];
        delete?: never;
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
    "/api/v1/subject-requests": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Answer somebody who asks what is held about them
         * @description Look for one contact among contacts alone. The result is a sealed file, and what opens it, shown once.
         *
         *     Takes two persons: act `subject.request`. Five a day.
         */
        post: operations["answer_subject_request"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/supervision": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Who is heard and who is missing, in numbers
         * @description Numbers by category and state, what many have in common, and what was moved for outages of ours.
         */
        get: operations["read_supervision"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/supervision/accounts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Who is missing, late or on time
         * @description A page of accounts. Grouped, sorted and cut here: a browser never gets more than it shows.
         */
        get: operations["read_watched"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/supervision/schedules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Who did not open, close or test
         * @description Open incidents about schedules, the oldest first.
         */
        get: operations["read_late"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Tokens of programs
         * @description Tokens with their last use, without their secrets.
         */
        get: operations["read_tokens"];
        put?: never;
        /**
         * Make a token
         * @description Make a token for a program. Its secret is in this answer, and kept nowhere.
         */
        post: operations["make_token"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tokens/{token_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Revoke a token
         * @description Let a token open nothing any more, from now on.
         */
        delete: operations["revoke_token"];
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
        /**
         * Make a user
         * @description Make a user. They come in by a link, and set a password of their own.
         */
        post: operations["make_user"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/{user_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One user, whole
         * @description A user, with what they can sign in with (never the thing itself) and where they are signed in.
         */
        get: operations["read_user"];
        put?: never;
        post?: never;
        /**
         * Remove a user
         * @description Let a user in no more. Sessions end; name, password and second factor are destroyed.
         */
        delete: operations["remove_user"];
        options?: never;
        head?: never;
        /**
         * Change a user
         * @description Give a user another name, or other roles; they count from the next request on.
         */
        patch: operations["change_user"];
        trace?: never;
    };
    "/api/v1/users/{user_id}/link": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A sign-in link
         * @description A link that lets another user in, once, within 15 minutes: the first time, or where a password is forgotten.
         *
         *     Where they have an authenticator, they give its code with the link.
         */
        post: operations["make_link"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/{user_id}/sign-out": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sign a user out
         * @description End every session of a user, phones too: somebody has left, or a phone was lost.
         */
        post: operations["sign_user_out"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/{user_id}/totp/remove": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Remove a user's authenticator
         * @description Let another user whose authenticator is lost sign in without it. See first that it is they who ask.
         */
        post: operations["remove_totp"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/warnings/{warning_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * End a warning
         * @description End a warning before its time.
         */
        delete: operations["end_place_warning"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/watch-log": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The watch log
         * @description Lines between two times, newest first: what people wrote, and what the centre did and was told.
         *
         *     That somebody is shown what was written is a fact, `vault.read`, once a person, day of the log and quarter hour.
         */
        get: operations["read_watch_log"];
        put?: never;
        /**
         * Write a line
         * @description Nothing is ever changed: who was mistaken writes another line that says so.
         */
        post: operations["write_watch_log"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/watch-log/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Export the watch log
         * @description As a table, the oldest line first, people by their opaque ids. Each export is a fact of its own.
         */
        get: operations["export_watch_log"];
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
            /** @default null */
            partitions?: string | null;
            /** @default null */
            paths?: string | null;
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
            /** @default null */
            partitions?: string | null;
            /** @default null */
            paths?: string | null;
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
            partitions: string | null;
            paths: string | null;
            poll_602: boolean;
            profile: string | null;
            receiver: string | null;
            site: string | null;
            site_id: string | null;
            supervision_interval_s: number | null;
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
         * ActCountItem
         * @description Facts of one kind that one caused.
         */
        ActCountItem: {
            count: number;
            first_at: number;
            kind: string;
            last_at: number;
        };
        /**
         * ActionPlanBody
         * @description A plan, whole. With types or sites it is for those; without, for what the catalogue gives a plan of its name.
         */
        ActionPlanBody: {
            /** @default null */
            alone?: string | null;
            /** @default null */
            hours?: components["schemas"]["HoursBody"] | null;
            name: string;
            /** @default [] */
            sites?: string[];
            steps: components["schemas"]["PlanStepBody"][];
            /** @default [] */
            types?: string[];
        };
        /**
         * ActionPlanChange
         * @description A plan as it shall be, and the version that was looked at.
         */
        ActionPlanChange: {
            /** @default null */
            alone?: string | null;
            /** @default null */
            hours?: components["schemas"]["HoursBody"] | null;
            name: string;
            /** @default [] */
            sites?: string[];
            steps: components["schemas"]["PlanStepBody"][];
            /** @default [] */
            types?: string[];
            version: number;
        };
        /**
         * ActionPlanItem
         * @description One plan: of the centre's own, or one that ships.
         */
        ActionPlanItem: {
            alone: string | null;
            changed_at: number | null;
            changed_by: string | null;
            for_types: string[];
            hash: string;
            hours: components["schemas"]["HoursBody"] | null;
            id: string | null;
            name: string;
            problems: components["schemas"]["PlanProblemItem"][];
            shipped: boolean;
            sites: components["schemas"]["PlanSiteItem"][];
            steps: components["schemas"]["PlanStepBody"][];
            types: string[];
            version: number;
        };
        /**
         * ActionPlansAnswer
         * @description Answer of `/action-plans`, and what an editor needs.
         */
        ActionPlansAnswer: {
            capabilities: components["schemas"]["Coded"][];
            choices: components["schemas"]["ChoiceList"][];
            items: components["schemas"]["ActionPlanItem"][];
            kinds: components["schemas"]["KindResults"][];
            lines: components["schemas"]["Coded"][];
            number: string[];
            results: components["schemas"]["Coded"][];
            switches: components["schemas"]["SwitchItem"][];
            waive_reasons: components["schemas"]["Coded"][];
        };
        /**
         * ActItem
         * @description What takes two persons.
         */
        ActItem: {
            /** @enum {unknown} */
            act: "erase.early" | "erase.waiting" | "hold.lift" | "hold.set" | "journal.key_change" | "journal.unsealed_export" | "restore.over" | "subject.request";
            answer: ("administrator" | "auditor" | "installer" | "integrator" | "operator" | "responder" | "site_contact" | "supervisor")[];
            ask: ("administrator" | "auditor" | "installer" | "integrator" | "operator" | "responder" | "site_contact" | "supervisor")[];
        };
        /**
         * AgainBody
         * @description Who has not answered is told again after the last step: after how long each time, and how often.
         */
        AgainBody: {
            after_s: number;
            times: number;
        };
        /**
         * AheadItem
         * @description The next step of a chain.
         */
        AheadItem: {
            at: number;
            /** @enum {unknown} */
            tell: "again" | "everyone" | "notify" | "second_desk" | "supervisor" | "telephone" | "webhook";
        };
        /**
         * AnswerBody
         * @description The second person's answer, by the own session.
         */
        AnswerBody: {
            given: boolean;
        };
        /**
         * AnswerHereBody
         * @description The second person's answer on the screen of the first: who they are is checked, and no session is made.
         */
        AnswerHereBody: {
            /** @default null */
            code?: string | null;
            /** @default true */
            given?: boolean;
            name: string;
            password: string;
        };
        /**
         * ApprovalBody
         * @description Asks a second person for their yes to an act with exactly these parameters.
         */
        ApprovalBody: {
            /** @enum {unknown} */
            act: "erase.early" | "erase.waiting" | "hold.lift" | "hold.set" | "journal.key_change" | "journal.unsealed_export" | "restore.over" | "subject.request";
            parameters: Record<string, never>;
            reason: string;
            /** @default null */
            subject?: string | null;
        };
        /**
         * ApprovalItem
         * @description Something that two persons do together.
         */
        ApprovalItem: {
            /** @enum {unknown} */
            act: "erase.early" | "erase.waiting" | "hold.lift" | "hold.set" | "journal.key_change" | "journal.unsealed_export" | "restore.over" | "subject.request";
            answered_by: string | null;
            asked_by: string;
            expires_at: number;
            given: boolean | null;
            id: string;
            may_answer: boolean;
            reason: string;
            shown: {
                [key: string]: string | number | boolean | null;
            };
            subject: string | null;
            used: boolean;
        };
        /**
         * ApprovalsAnswer
         * @description What waits or waited for a second person in the last minutes, newest first.
         */
        ApprovalsAnswer: {
            items: components["schemas"]["ApprovalItem"][];
        };
        /**
         * ArrivedItem
         * @description One signal of a place on test.
         */
        ArrivedItem: {
            account: string;
            at: number;
            code: string | null;
            incident: string | null;
            is_understood: boolean;
            /** @enum {unknown} */
            outcome: "filed" | "joined" | "opened" | "quarantined";
            reason: string;
            seq: number;
            zone: string | null;
            zone_name: string | null;
        };
        /**
         * AttemptItem
         * @description One attempt to reach somebody.
         */
        AttemptItem: {
            at: number;
            /** @enum {unknown} */
            channel: "email" | "push" | "sms" | "voice" | "webhook";
            /** @enum {unknown} */
            provider: 1 | 2;
            reason: string | null;
            /** @enum {unknown} */
            state: "accepted" | "answered" | "delivered" | "failed" | "held" | "no_answer" | "retry" | "seen" | "sending" | "silent";
        };
        /**
         * AwayDay
         * @description A day of the own calendar.
         */
        AwayDay: {
            date: string;
            hours: components["schemas"]["AwayHours"][];
        };
        /**
         * AwayHours
         * @description From when to when of a day somebody is not to be told, in minutes since its midnight.
         */
        AwayHours: {
            from_min: number;
            to_min: number;
        };
        /**
         * AwayItem
         * @description When "not now" holds by itself.
         */
        AwayItem: {
            days: components["schemas"]["AwayDay"][];
            is_now: boolean;
            weekly: components["schemas"]["WeeklyBody"][];
            zone: string | null;
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
            /** @default null */
            load?: number | null;
            missing: string[];
            now: number;
            /** @default 0 */
            rings?: number;
            /** @default null */
            storm_since?: number | null;
            unknown: components["schemas"]["UnknownSummary"] | null;
        };
        /**
         * BeginBody
         * @description Begin the plan of an incident where none has begun.
         */
        BeginBody: Record<string, never>;
        /**
         * BeginOwnTestBody
         * @description Put one's own place on test.
         */
        BeginOwnTestBody: {
            /** @default null */
            account_id?: string | null;
            /** @default null */
            partition?: string | null;
            /** @enum {unknown} */
            reason: "building_works" | "drill" | "fault_finding" | "installation" | "maintenance" | "walk_test";
            /** @default null */
            site_id?: string | null;
            until: number;
            /** @default [] */
            zones?: string[];
        };
        /**
         * BeginShiftBody
         * @description Go on shift.
         */
        BeginShiftBody: {
            desk: string;
            until: number;
        };
        /**
         * BeginTestBody
         * @description Put a place on test: a whole site, or an account or a part of it.
         */
        BeginTestBody: {
            /** @default null */
            account_id?: string | null;
            /** @enum {unknown} */
            asked_by: "installer" | "keyholder" | "site_contact" | "staff";
            /** @default null */
            company?: string | null;
            /** @default [] */
            live?: ("collision" | "explosion" | "fire" | "flood_weather" | "hazmat" | "intrusion" | "medical" | "missing_person" | "rescue" | "robbery_holdup" | "technical" | "theft" | "trafficking_kidnap" | "utility" | "violence" | "welfare_check")[];
            /** @default [] */
            not_live?: ("collision" | "explosion" | "fire" | "flood_weather" | "hazmat" | "intrusion" | "medical" | "missing_person" | "rescue" | "robbery_holdup" | "technical" | "theft" | "trafficking_kidnap" | "utility" | "violence" | "welfare_check")[];
            /** @default null */
            partition?: string | null;
            /** @enum {unknown} */
            reason: "building_works" | "drill" | "fault_finding" | "installation" | "maintenance" | "walk_test";
            /** @default null */
            site_id?: string | null;
            until: number;
            /** @default [] */
            zones?: string[];
        };
        /**
         * BounceAnswer
         * @description What became of a bounced mail.
         */
        BounceAnswer: {
            /** @enum {unknown} */
            outcome: "known" | "not_final" | "noted" | "unknown";
        };
        /**
         * BrokerItem
         * @description The broker that is read.
         */
        BrokerItem: {
            is_connected: boolean;
            said: string | null;
            why: string | null;
        };
        /**
         * BuildingItem
         * @description A building or place of a site.
         */
        BuildingItem: {
            /** @default null */
            access?: string | null;
            name: string;
        };
        /**
         * BuiltInStep
         * @description A step of the built-in chain.
         */
        BuiltInStep: {
            after_s: number;
            /** @enum {unknown} */
            priority: 1 | 2 | 3 | 4;
            /** @enum {unknown} */
            tell: "again" | "everyone" | "notify" | "second_desk" | "supervisor" | "telephone" | "webhook";
        };
        /**
         * CalendarAnswer
         * @description What a calendar says, and the schedule with it.
         */
        CalendarAnswer: {
            days: number;
            item: components["schemas"]["ScheduleItem"];
            left_out: number;
        };
        /**
         * CalendarTaken
         * @description What was taken out of an own calendar.
         */
        CalendarTaken: {
            days: number;
            left_out: number;
            reach: components["schemas"]["MyReachAnswer"];
        };
        /**
         * CallAbandonBody
         * @description Why a call is no report.
         */
        CallAbandonBody: {
            /** @enum {unknown} */
            reason: "by_mistake" | "hung_up" | "no_help_needed" | "passed_on" | "test_call" | "wrong_number";
        };
        /**
         * CallAnswer
         * @description The incident after a call, and whom to call next.
         */
        CallAnswer: {
            calls: components["schemas"]["Called"][];
            incident: components["schemas"]["IncidentItem"];
            next: components["schemas"]["NextCall"];
            seq: number;
        };
        /**
         * CallBody
         * @description What became of a call to a keyholder.
         */
        CallBody: {
            of: string;
            /** @enum {unknown} */
            outcome: "attends" | "busy" | "duress" | "no_answer" | "refuses" | "voicemail" | "wrong_number" | "wrong_phrase";
            telephone: number;
        };
        /**
         * CallDraft
         * @description A form as it was saved last.
         */
        CallDraft: {
            /**
             * @default {
             *       "place": null,
             *       "site_id": null,
             *       "type": null
             *     }
             */
            marks?: components["schemas"]["CallMarks"];
            /**
             * @default {
             *       "accuracy_m": null,
             *       "answers": [],
             *       "exact": null,
             *       "latitude": null,
             *       "longitude": null,
             *       "note": null,
             *       "said": null,
             *       "where": null
             *     }
             */
            words?: components["schemas"]["CallWords"];
        };
        /**
         * CallDraftBody
         * @description The form as it stands.
         */
        CallDraftBody: {
            draft: components["schemas"]["CallDraft"];
        };
        /**
         * Called
         * @description One call, as its fact has it.
         */
        Called: {
            at: number;
            by: string | null;
            of: string;
            /** @enum {unknown} */
            outcome: "attends" | "busy" | "duress" | "no_answer" | "refuses" | "voicemail" | "wrong_number" | "wrong_phrase";
            telephone: number;
        };
        /**
         * Caller
         * @description Whom to call back. Who is a party to violence or is held against their will is named in no field.
         */
        Caller: {
            /** @default null */
            call_back?: string | null;
            /** @default null */
            language?: string | null;
            /** @default null */
            name?: string | null;
            /** @default null */
            recorder_reference?: string | null;
            /** @default null */
            stands_at?: string | null;
            /** @default null */
            telephone?: string | null;
        };
        /**
         * CallFormAnswer
         * @description A call and what stands in its form. That it was read is in the journal.
         */
        CallFormAnswer: {
            call: components["schemas"]["CallFormItem"];
            draft: components["schemas"]["CallDraft"];
        };
        /**
         * CallFormItem
         * @description A call that is being taken, as every desk sees it: who, since when, and what was chosen from lists.
         */
        CallFormItem: {
            begun_at: number;
            begun_by: string | null;
            held_by: string | null;
            id: string;
            incident: string | null;
            marks: components["schemas"]["CallMarks"];
            outcome: ("abandoned" | "forgotten" | "joined" | "opened") | null;
            saved_at: number;
            site: string | null;
            version: number;
        };
        /**
         * CallFormsAnswer
         * @description Calls that are being taken, the oldest first.
         */
        CallFormsAnswer: {
            items: components["schemas"]["CallFormItem"][];
        };
        /**
         * CallItem
         * @description A keyholder as whoever handles an incident sees one.
         */
        CallItem: {
            /** @enum {unknown} */
            availability: "always" | "away" | "daytime" | "nights" | "outside_working_hours" | "weekdays" | "weekends" | "working_hours";
            has_phrase: boolean;
            id: string;
            is_due: boolean;
            name: string | null;
            order: number;
            telephones: string[];
        };
        /**
         * CallJoinBody
         * @description The form, and the open incident that it is about.
         */
        CallJoinBody: {
            draft: components["schemas"]["CallDraft"];
            into: string;
        };
        /**
         * CallListAnswer
         * @description Whom to telephone for a key, in order.
         */
        CallListAnswer: {
            calls: components["schemas"]["Called"][];
            items: components["schemas"]["CallItem"][];
            next: components["schemas"]["NextCall"];
            no_call_first: boolean;
            site_has_phrase: boolean;
            site_id: string | null;
        };
        /**
         * CallMarks
         * @description What of a form is nobody's word: chosen from lists.
         */
        CallMarks: {
            /** @default null */
            place?: ("site" | "told" | "unclear") | null;
            /** @default null */
            site_id?: string | null;
            /** @default null */
            type?: string | null;
        };
        /**
         * CallOpenBody
         * @description The form, of which an incident is opened.
         */
        CallOpenBody: {
            draft: components["schemas"]["CallDraft"];
            /** @default true */
            is_claimed?: boolean;
        };
        /**
         * CallSaveBody
         * @description The form as it stands, whole, in place of what was saved before.
         */
        CallSaveBody: {
            draft: components["schemas"]["CallDraft"];
            /** @default false */
            is_left?: boolean;
        };
        /**
         * CallWords
         * @description What somebody reports, in their words. It exists in memory and sealed under the call's or incident's key.
         */
        CallWords: {
            /** @default null */
            accuracy_m?: number | null;
            /** @default [] */
            answers?: components["schemas"]["QuestionAnswered"][];
            /** @default null */
            exact?: string | null;
            /** @default null */
            latitude?: number | null;
            /** @default null */
            longitude?: number | null;
            /** @default null */
            note?: components["schemas"]["HelpNote"] | null;
            /** @default null */
            said?: string | null;
            /** @default null */
            where?: string | null;
        };
        /**
         * CatalogueAnswer
         * @description Answer of `/catalogue`.
         */
        CatalogueAnswer: {
            dispositions: components["schemas"]["Coded"][];
            reopen_reasons: components["schemas"]["Coded"][];
            shelve_reasons: components["schemas"]["Coded"][];
            time_to_claim: components["schemas"]["TimeToClaim"];
            types: components["schemas"]["TypeItem"][];
            version: string;
        };
        /**
         * CategoryItem
         * @description Accounts of one category, by state.
         */
        CategoryItem: {
            all_paths_lost: number;
            alternative_s: number | null;
            category: string | null;
            grace: number;
            is_confirmed: boolean;
            late: number;
            learning: number;
            limit_s: number | null;
            missing: number;
            never_heard: number;
            off: number;
            oldest_account: string | null;
            oldest_id: string | null;
            oldest_s: number;
            oldest_site: string | null;
            on_time: number;
            one_path_lost: number;
            second_never_heard: number;
            watched: number;
        };
        /**
         * ChainBody
         * @description A chain, whole. What it applies to: an incident must fit each list that is not empty.
         */
        ChainBody: {
            /** @default null */
            again?: components["schemas"]["AgainBody"] | null;
            name: string;
            /** @default [] */
            priorities?: (1 | 2 | 3 | 4)[];
            /** @default [] */
            sites?: string[];
            steps: components["schemas"]["ChainStepBody"][];
            /** @default null */
            strength?: components["schemas"]["StrengthBody"] | null;
            /** @default [] */
            types?: string[];
        };
        /**
         * ChainChange
         * @description A chain as it shall be, and the version that was looked at.
         */
        ChainChange: {
            /** @default null */
            again?: components["schemas"]["AgainBody"] | null;
            name: string;
            /** @default [] */
            priorities?: (1 | 2 | 3 | 4)[];
            /** @default [] */
            sites?: string[];
            steps: components["schemas"]["ChainStepBody"][];
            /** @default null */
            strength?: components["schemas"]["StrengthBody"] | null;
            /** @default [] */
            types?: string[];
            version: number;
        };
        /**
         * ChainItem
         * @description One chain, and what is wrong with it as everything stands now.
         */
        ChainItem: {
            again: components["schemas"]["AgainBody"] | null;
            changed_at: number;
            changed_by: string | null;
            id: string;
            name: string;
            priorities: (1 | 2 | 3 | 4)[];
            problems: components["schemas"]["ProblemItem"][];
            sites: components["schemas"]["ChainSiteItem"][];
            steps: components["schemas"]["ChainStepBody"][];
            strength: components["schemas"]["StrengthBody"] | null;
            types: string[];
            version: number;
        };
        /**
         * ChainsAnswer
         * @description All chains, in the order in which they were made, and what is there without them.
         */
        ChainsAnswer: {
            built_in: components["schemas"]["BuiltInStep"][];
            channels: ("email" | "push" | "sms" | "voice" | "webhook")[];
            items: components["schemas"]["ChainItem"][];
        };
        /**
         * ChainSiteItem
         * @description A site that a chain applies to.
         */
        ChainSiteItem: {
            id: string;
            name: string | null;
        };
        /**
         * ChainStepBody
         * @description A step of a chain.
         */
        ChainStepBody: {
            /** @default [] */
            channels?: ("email" | "push" | "sms" | "voice" | "webhook")[];
            /** @default [] */
            desks?: string[];
            /** @default [] */
            groups?: string[];
            /** @default null */
            hours?: components["schemas"]["HoursBody"] | null;
            /** @enum {unknown} */
            kind: "all" | "next_desk" | "notify" | "supervisor" | "wait" | "webhook";
            /** @default [] */
            roles?: ("administrator" | "auditor" | "installer" | "integrator" | "operator" | "responder" | "site_contact" | "supervisor")[];
            /** @default [] */
            rosters?: string[];
            /** @default [] */
            users?: string[];
            /** @default 0 */
            wait_s?: number;
        };
        /**
         * ChallengeAnswer
         * @description What a phone signs: the ASCII bytes `tocsin device 1 SESSION MESSAGE`, by ECDSA with SHA-256.
         */
        ChallengeAnswer: {
            csrf: string;
            expires_at: number;
            message: string;
            session: string;
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
         * ChannelTimeBody
         * @description When a channel begins, after one is told.
         */
        ChannelTimeBody: {
            after_s: number;
            /** @enum {unknown} */
            channel: "email" | "push" | "sms" | "voice" | "webhook";
        };
        /**
         * CheckAnswer
         * @description What is wrong with a chain that is not saved.
         */
        CheckAnswer: {
            problems: components["schemas"]["ProblemItem"][];
        };
        /**
         * CheckInAnswer
         * @description The own check-in, where there is one.
         */
        CheckInAnswer: {
            check_in: components["schemas"]["CheckInItem"] | null;
            now: number;
        };
        /**
         * CheckInBody
         * @description Somebody works alone: for how long, and where.
         */
        CheckInBody: {
            /** @default null */
            code?: string | null;
            /** @default null */
            exact?: string | null;
            minutes: number;
            /** @default null */
            site_id?: string | null;
            /** @default null */
            where?: string | null;
        };
        /**
         * CheckInGoesOnBody
         * @description All is well, and it goes on for so long from now.
         */
        CheckInGoesOnBody: {
            minutes: number;
        };
        /**
         * CheckInItem
         * @description The own check-in.
         */
        CheckInItem: {
            begun_at: number;
            due_at: number;
            id: string;
            is_missed: boolean;
            is_reminded: boolean;
            minutes: number;
            number: number | null;
        };
        /**
         * ChoiceList
         * @description A list of answers that ships.
         */
        ChoiceList: {
            answers: components["schemas"]["Coded"][];
            name: string;
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
         * ClaimLimit
         * @description Within how many seconds incidents of a hazard class are to be claimed.
         */
        ClaimLimit: {
            /** @enum {unknown} */
            hazard: "collision" | "explosion" | "fire" | "flood_weather" | "hazmat" | "intrusion" | "medical" | "missing_person" | "rescue" | "robbery_holdup" | "technical" | "theft" | "trafficking_kidnap" | "utility" | "violence" | "welfare_check";
            limit_s: number;
            /** @enum {unknown} */
            priority: 1 | 2 | 3 | 4;
        };
        /**
         * CloseBody
         * @description Body of a closing.
         */
        CloseBody: {
            /** @enum {unknown} */
            disposition: "cancelled" | "duplicate" | "fault" | "handled_by_plan" | "not_found" | "real" | "test" | "unwanted";
            /** @default null */
            note?: string | null;
            version: number;
            /** @default null */
            waive?: ("done_elsewhere" | "not_needed" | "not_possible" | "other_first" | "unsafe") | null;
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
         * CodedPlaceItem
         * @description Where a code is.
         */
        CodedPlaceItem: {
            name: string | null;
            part: string | null;
            site_id: string;
        };
        /**
         * CodeItem
         * @description A one-day code that is out.
         */
        CodeItem: {
            account: string | null;
            company: string | null;
            given_at: number;
            given_by: string | null;
            id: string;
            site: string | null;
            until: number;
        };
        /**
         * CodeMade
         * @description A new code. Its letters are told once.
         */
        CodeMade: {
            address: string;
            code: string;
            item: components["schemas"]["CodeItem"];
        };
        /**
         * CodesAnswer
         * @description Codes that are out, the first ending first.
         */
        CodesAnswer: {
            items: components["schemas"]["CodeItem"][];
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
         * CommonItem
         * @description Many were lost together, and one incident names them.
         */
        CommonItem: {
            /** @enum {unknown} */
            cause: "network" | "receiver" | "transport";
            incident: string | null;
            incident_number: number | null;
            missing: number;
            what: string | null;
        };
        /**
         * ConfirmBody
         * @description Password, and code where one has an authenticator, once more.
         */
        ConfirmBody: {
            /** @default null */
            code?: string | null;
            password: string;
        };
        /**
         * ContactAnswer
         * @description What a subject request that waits for a second person would look for.
         */
        ContactAnswer: {
            contact: string;
        };
        /**
         * ContactBody
         * @description A new contact.
         */
        ContactBody: {
            address: string;
            /** @default null */
            auth?: string | null;
            /** @enum {unknown} */
            channel: "email" | "push" | "sms" | "voice" | "webhook";
            /** @default null */
            p256dh?: string | null;
        };
        /**
         * ContactItem
         * @description One of the own contacts, with as much of its address as one needs to know it again.
         */
        ContactItem: {
            /** @enum {unknown} */
            channel: "email" | "push" | "sms" | "voice" | "webhook";
            hint: string;
            id: string;
            is_failing: boolean;
            is_on: boolean;
            is_test_due: boolean;
            test: components["schemas"]["NoticeItem"] | null;
            tested_at: number | null;
        };
        /**
         * ContactMade
         * @description A contact that was added.
         */
        ContactMade: {
            contact: components["schemas"]["ContactItem"];
            secret: string | null;
        };
        /**
         * CredentialItem
         * @description A way of signing in that is set up.
         */
        CredentialItem: {
            /** @enum {unknown} */
            kind: "password" | "pin" | "recovery" | "totp";
            since: number;
        };
        /**
         * CredentialsItem
         * @description What somebody can sign in or unlock with, and since when; null is not set.
         */
        CredentialsItem: {
            password: number | null;
            pin: number | null;
            recovery: number | null;
            recovery_left: number;
            totp: number | null;
        };
        /**
         * DataAnswer
         * @description How it stands with an incident's texts.
         */
        DataAnswer: {
            clock_doubted: boolean;
            due_at: number | null;
            erased_at: number | null;
            erased_reason: string | null;
            holds: components["schemas"]["HoldItem"][];
            incident: string;
            is_held: boolean;
            /** @enum {unknown} */
            retention: "configuration" | "incident" | "intake" | "intake_or_panel" | "journal" | "keyholder" | "memory" | "missing" | "position" | "ring" | "still" | "user" | "warning" | "watch" | "wishes";
            values: number;
        };
        /**
         * DateHours
         * @description A day that is not as its weekday is.
         */
        DateHours: {
            date: string;
            hours: components["schemas"]["HoursItem"][];
            /**
             * @default by_hand
             * @enum {unknown}
             */
            source?: "by_hand" | "calendar" | "shared" | "tonight";
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
         * DeskBody
         * @description A desk as it is to be.
         */
        DeskBody: {
            /** @default [] */
            hazards?: ("collision" | "explosion" | "fire" | "flood_weather" | "hazmat" | "intrusion" | "medical" | "missing_person" | "rescue" | "robbery_holdup" | "technical" | "theft" | "trafficking_kidnap" | "utility" | "violence" | "welfare_check")[];
            label: string;
            /** @default [] */
            priorities?: (1 | 2 | 3 | 4)[];
            /** @default null */
            roster?: string | null;
            /** @default null */
            version?: number | null;
        };
        /**
         * DeskItem
         * @description A desk, and who is on shift at it.
         */
        DeskItem: {
            due: string | null;
            hazards: ("collision" | "explosion" | "fire" | "flood_weather" | "hazmat" | "intrusion" | "medical" | "missing_person" | "rescue" | "robbery_holdup" | "technical" | "theft" | "trafficking_kidnap" | "utility" | "violence" | "welfare_check")[];
            id: string;
            label: string;
            on: components["schemas"]["ShiftItem"][];
            priorities: (1 | 2 | 3 | 4)[];
            roster: string | null;
            unattended_since: number | null;
            version: number;
        };
        /**
         * DeskLoad
         * @description What was announced to one's own desk: of its classes and priorities.
         */
        DeskLoad: {
            id: string;
            label: string;
            load: components["schemas"]["Load"];
        };
        /**
         * DeviceBody
         * @description The public key of a phone, which this session is bound to from now on.
         */
        DeviceBody: {
            public_key: string;
        };
        /**
         * DialBody
         * @description Whom to call: a keyholder of the call list, or whom a step of the plan names.
         */
        DialBody: {
            /** @default false */
            is_anyway?: boolean;
            /** @default null */
            of?: string | null;
            /** @default null */
            step?: string | null;
            /** @default 1 */
            telephone?: number;
        };
        /**
         * DialItem
         * @description A call that whoever asks had the telephone system make. No number is in it.
         */
        DialItem: {
            answered_at: number | null;
            asked_at: number;
            ended_at: number | null;
            failed: ("address" | "refused" | "secret" | "timeout" | "unreachable") | null;
            id: string;
            incident: string;
            is_lost: boolean;
            of: string | null;
            picked_up_at: number | null;
            step: string | null;
            telephone: number | null;
            version: number;
        };
        /**
         * DryAnswerBody
         * @description What becomes of a step in a dry run.
         */
        DryAnswerBody: {
            /** @default 0 */
            after_s?: number;
            result: string;
            step: string;
        };
        /**
         * DryRunAnswer
         * @description What would happen. Nothing was sent.
         */
        DryRunAnswer: {
            chain_id: string | null;
            chain_name: string | null;
            /** @enum {unknown} */
            priority: 1 | 2 | 3 | 4;
            problems: components["schemas"]["ProblemItem"][];
            steps: components["schemas"]["DryStep"][];
            strength: components["schemas"]["StrengthBody"] | null;
        };
        /**
         * DryRunBody
         * @description What would happen with such an incident now.
         */
        DryRunBody: {
            /** @default null */
            chain?: components["schemas"]["ChainBody"] | null;
            /** @default null */
            priority?: (1 | 2 | 3 | 4) | null;
            /** @default null */
            site_id?: string | null;
            type: string;
        };
        /**
         * DryStep
         * @description A step as it would be taken, where nobody claims and nobody answers.
         */
        DryStep: {
            after_s: number;
            desks: string[];
            off_hours: boolean;
            own: boolean;
            /** @enum {unknown} */
            tell: "again" | "everyone" | "notify" | "second_desk" | "supervisor" | "telephone" | "webhook";
            told: components["schemas"]["DryTold"][];
            vacant: string[];
        };
        /**
         * DryTold
         * @description Somebody whom a step would tell.
         */
        DryTold: {
            channels: ("email" | "push" | "sms" | "voice" | "webhook")[];
            refusal: ("no_contact" | "no_way" | "not_now" | "off_duty") | null;
            roles: ("administrator" | "auditor" | "installer" | "integrator" | "operator" | "responder" | "site_contact" | "supervisor")[];
            user_id: string;
        };
        /**
         * DueAnswer
         * @description Sites where something is due, the oldest first.
         */
        DueAnswer: {
            items: components["schemas"]["DueItem"][];
            total: number;
        };
        /**
         * DueItem
         * @description A site where keyholders or wishes are to be looked at again.
         */
        DueItem: {
            keyholders: number;
            since: number;
            site: string | null;
            site_id: string;
            wishes: boolean;
        };
        /**
         * DutyForm
         * @description What the phone page is made of; a phone keeps it for when there is no network.
         */
        DutyForm: {
            centre: string;
            help_type: string;
            now: number;
            places: components["schemas"]["DutyPlace"][];
            places_total: number;
            telephone: string | null;
            types: components["schemas"]["DutyType"][];
        };
        /**
         * DutyPlace
         * @description A site that staff may choose.
         */
        DutyPlace: {
            name: string;
            parts: string[];
            site_id: string;
        };
        /**
         * DutyPlaces
         * @description Sites by name.
         */
        DutyPlaces: {
            places: components["schemas"]["DutyPlace"][];
            total: number;
        };
        /**
         * DutyReceipt
         * @description What became of a report, for whoever sent it: whether it is there, in which incident, and how that stands.
         */
        DutyReceipt: {
            closed_at: number | null;
            is_claimed: boolean;
            number: number;
            received_at: number;
            report: string;
        };
        /**
         * DutyReceipts
         * @description What became of the own reports.
         */
        DutyReceipts: {
            items: components["schemas"]["DutyReceipt"][];
        };
        /**
         * DutyReportBody
         * @description What somebody reports by phone.
         */
        DutyReportBody: {
            /** @default null */
            accuracy_m?: number | null;
            /** @default null */
            code?: string | null;
            /** @default null */
            exact?: string | null;
            /** @default [] */
            harm_feared?: ("alone_and_dependent" | "cannot_find_the_way" | "cold" | "drowning" | "fall" | "harm_by_somebody_else" | "harm_to_themselves" | "heat" | "needs_medicine" | "traffic")[];
            /** @default false */
            is_handed_over?: boolean;
            /** @default null */
            latitude?: number | null;
            /** @default null */
            longitude?: number | null;
            /** @default null */
            said?: string | null;
            sent_at: number;
            /** @default null */
            site_id?: string | null;
            type: string;
            typed_at: number;
            /** @default null */
            where?: string | null;
            /** @default null */
            written_by?: string | null;
        };
        /**
         * DutyType
         * @description A type that a person may report.
         */
        DutyType: {
            /** @enum {unknown} */
            hazard: "collision" | "explosion" | "fire" | "flood_weather" | "hazmat" | "intrusion" | "medical" | "missing_person" | "rescue" | "robbery_holdup" | "technical" | "theft" | "trafficking_kidnap" | "utility" | "violence" | "welfare_check";
            meaning: string;
            /** @enum {unknown} */
            priority: 1 | 2 | 3 | 4;
            short: string;
            silent: boolean;
            type: string;
        };
        /**
         * EndedAnswer
         * @description How many sessions were ended.
         */
        EndedAnswer: {
            ended: number;
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
         * EraseBody
         * @description Data to erase before their time.
         */
        EraseBody: {
            approval: string;
            /** @enum {unknown} */
            reason: "authority_order" | "data_subject" | "entered_by_mistake" | "not_needed";
        };
        /**
         * Escalation
         * @description A step that was taken, in an incident's row.
         */
        Escalation: {
            at: number;
            /** @default 0 */
            bundled?: number;
            /** @default null */
            chain?: string | null;
            /** @default false */
            counts?: boolean;
            /** @default [] */
            desks?: string[];
            late_s: number;
            /**
             * @default 1
             * @enum {unknown}
             */
            priority?: 1 | 2 | 3 | 4;
            /** @default null */
            seq?: number | null;
            step: number;
            /** @enum {unknown} */
            tell: "again" | "everyone" | "notify" | "second_desk" | "supervisor" | "telephone" | "webhook";
            told: number;
            /** @default [] */
            vacant?: string[];
            /** @default null */
            version?: number | null;
        };
        /**
         * ExtendOutBody
         * @description Put the end off.
         */
        ExtendOutBody: {
            until: number;
        };
        /**
         * ExtendTestBody
         * @description Put the end of a test off.
         */
        ExtendTestBody: {
            until: number;
        };
        /**
         * FigureDrawing
         * @description A plot, in points.
         */
        FigureDrawing: {
            height: number;
            id: string;
            says: string;
            shapes: (components["schemas"]["FigureRect"] | components["schemas"]["FigureLine"] | components["schemas"]["FigureWords"])[];
            title: string;
            width: number;
        };
        /**
         * FigureHeading
         * @description A heading.
         */
        FigureHeading: {
            text: string;
            /** @enum {unknown} */
            type: "heading";
        };
        /**
         * FigureLine
         * @description A line of a plot, through some points.
         */
        FigureLine: {
            dashed: boolean;
            /** @enum {unknown} */
            ink: "bar" | "dim" | "line" | "p1" | "p2" | "p3" | "p4" | "page" | "rule" | "text";
            points: [
                number,
                number
            ][];
            /** @enum {unknown} */
            type: "line";
            width: number;
        };
        /**
         * FigurePairs
         * @description Names and values, one a line.
         */
        FigurePairs: {
            rows: [
                string,
                string
            ][];
            /** @enum {unknown} */
            type: "pairs";
        };
        /**
         * FigurePlot
         * @description A plot among the blocks.
         */
        FigurePlot: {
            drawing: components["schemas"]["FigureDrawing"];
            /** @enum {unknown} */
            type: "plot";
        };
        /**
         * FigureProfileItem
         * @description A profile that can be chosen.
         */
        FigureProfileItem: {
            copied_from: string | null;
            figures: number;
            id: string;
            is_chosen: boolean;
            is_own: boolean;
            kind: ("load" | "response") | null;
            title: string;
            trouble: string | null;
            unconfirmed: number;
            version: string | null;
        };
        /**
         * FigureProfilesAnswer
         * @description Answer of `/figures/profiles`.
         */
        FigureProfilesAnswer: {
            items: components["schemas"]["FigureProfileItem"][];
        };
        /**
         * FigureRect
         * @description A filled rectangle of a plot; the hatch is what is seen of it in grey.
         */
        FigureRect: {
            /** @enum {unknown} */
            fill: "bar" | "dim" | "line" | "p1" | "p2" | "p3" | "p4" | "page" | "rule" | "text";
            has_border: boolean;
            /** @enum {unknown} */
            hatch: "diagonal" | "horizontal" | "none";
            height: number;
            /** @enum {unknown} */
            type: "rect";
            width: number;
            x: number;
            y: number;
        };
        /**
         * FiguresAnswer
         * @description Answer of `/figures`: what a report says, block by block. Its plain values are in `/figures/export`.
         */
        FiguresAnswer: {
            blocks: (components["schemas"]["FigureHeading"] | components["schemas"]["FigureText"] | components["schemas"]["FigurePairs"] | components["schemas"]["FigureTable"] | components["schemas"]["FigurePlot"])[];
        };
        /**
         * FigureTable
         * @description A table; `align` has an `l` or `r` for each column.
         */
        FigureTable: {
            align: string;
            head: string[];
            rows: string[][];
            share: number[];
            title: string;
            /** @enum {unknown} */
            type: "table";
        };
        /**
         * FigureText
         * @description A paragraph.
         */
        FigureText: {
            is_strong: boolean;
            text: string;
            /** @enum {unknown} */
            type: "text";
        };
        /**
         * FigureWords
         * @description Words in a plot; `y` is their base line.
         */
        FigureWords: {
            /** @enum {unknown} */
            anchor: "end" | "middle" | "start";
            /** @enum {unknown} */
            ink: "bar" | "dim" | "line" | "p1" | "p2" | "p3" | "p4" | "page" | "rule" | "text";
            is_strong: boolean;
            size: number;
            text: string;
            /** @enum {unknown} */
            type: "words";
            x: number;
            y: number;
        };
        /**
         * FloodAnswer
         * @description The load up to now.
         */
        FloodAnswer: {
            at: number;
            begins: number;
            desk: components["schemas"]["DeskLoad"] | null;
            desks: number;
            ends: number;
            hazards: ("collision" | "explosion" | "fire" | "flood_weather" | "hazmat" | "intrusion" | "medical" | "missing_person" | "rescue" | "robbery_holdup" | "technical" | "theft" | "trafficking_kidnap" | "utility" | "violence" | "welfare_check")[];
            priorities: (1 | 2 | 3 | 4)[];
            profile: string;
            room: components["schemas"]["Load"];
            storm_since: number | null;
            targets: components["schemas"]["LoadTarget"][];
            window_s: number;
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
         * FromHomeItem
         * @description Somebody who is called from home.
         */
        FromHomeItem: {
            not_now_until: number | null;
            user: string;
        };
        /**
         * GapItem
         * @description A time in which nobody is on call.
         */
        GapItem: {
            since: number;
            until: number;
        };
        /**
         * GazetteerAnswer
         * @description Places whose words begin so, the best first.
         */
        GazetteerAnswer: {
            items: components["schemas"]["GazetteerItem"][];
        };
        /**
         * GazetteerItem
         * @description A place that somebody imported.
         */
        GazetteerItem: {
            id: string;
            kind: string;
            latitude: number | null;
            longitude: number | null;
            name: string;
            near: string | null;
            source: string;
        };
        /**
         * GazetteerSource
         * @description What was imported under one name.
         */
        GazetteerSource: {
            imported_at: number;
            name: string;
            places: number;
        };
        /**
         * GazetteerSources
         * @description What was imported.
         */
        GazetteerSources: {
            bytes_max: number;
            items: components["schemas"]["GazetteerSource"][];
            places: number;
            places_max: number;
            sources_max: number;
        };
        /**
         * GiveCodeBody
         * @description Give an installer a code for one place and one day.
         */
        GiveCodeBody: {
            /** @default null */
            account_id?: string | null;
            /** @default null */
            company?: string | null;
            /** @default null */
            site_id?: string | null;
            until: number;
        };
        /**
         * GiveKeyLinkBody
         * @description Make a link to the key of an account.
         */
        GiveKeyLinkBody: {
            /** @default null */
            company?: string | null;
            /** @default false */
            is_new?: boolean;
            until: number;
        };
        /**
         * GoesBody
         * @description Where a step leads with a result.
         */
        GoesBody: {
            result: string;
            to: string;
        };
        /**
         * GrantBody
         * @description A site of a site contact, or an account of an installer.
         */
        GrantBody: {
            target_id: string;
            user_id: string;
        };
        /**
         * GrantItem
         * @description Whose own a site or account is.
         */
        GrantItem: {
            target_id: string;
            user_id: string;
        };
        /**
         * GrantsAnswer
         * @description Every grant.
         */
        GrantsAnswer: {
            items: components["schemas"]["GrantItem"][];
        };
        /**
         * GroupBody
         * @description A group, whole.
         */
        GroupBody: {
            members: components["schemas"]["MemberBody"][];
            name: string;
        };
        /**
         * GroupChange
         * @description A group as it shall be, and the version that was looked at.
         */
        GroupChange: {
            members: components["schemas"]["MemberBody"][];
            name: string;
            version: number;
        };
        /**
         * GroupItem
         * @description One group of people who are told together.
         */
        GroupItem: {
            changed_at: number;
            changed_by: string | null;
            id: string;
            members: components["schemas"]["MemberBody"][];
            name: string;
            version: number;
        };
        /**
         * GroupsAnswer
         * @description All groups, in the order in which they were made.
         */
        GroupsAnswer: {
            items: components["schemas"]["GroupItem"][];
        };
        /**
         * HeldSession
         * @description An open session of one's own.
         */
        HeldSession: {
            created_at: number;
            expires_at: number;
            id: string;
            used_at: number | null;
        };
        /**
         * HelpNote
         * @description What helping needs to know in one incident. It exists in memory and sealed under the incident's key.
         */
        HelpNote: {
            /** @default null */
            caller?: components["schemas"]["Caller"] | null;
            /** @default null */
            fleeing?: string | null;
            /** @default null */
            hold_up?: components["schemas"]["HoldUp"] | null;
            /** @default null */
            lone_worker?: components["schemas"]["LoneWorker"] | null;
            /** @default null */
            missing?: components["schemas"]["Missing"] | null;
            /** @default [] */
            patients?: components["schemas"]["PatientNote"][];
            /** @default null */
            persons_in_need?: components["schemas"]["PersonsInNeed"] | null;
            /** @default null */
            violence?: components["schemas"]["Violence"] | null;
        };
        /**
         * HelpNoteAnswer
         * @description The help note of an incident, the newest version. Null: none was written, or it is erased.
         */
        HelpNoteAnswer: {
            asked: ("caller" | "fleeing" | "hold_up" | "lone_worker" | "missing" | "patients" | "persons_in_need" | "violence")[];
            no_call_first: boolean;
            note: components["schemas"]["HelpNote"] | null;
            review_due_at: number | null;
            version: number;
            written_at: number | null;
            written_by: string | null;
        };
        /**
         * HelpNoteBody
         * @description The help note as it shall be, whole, and the version that was looked at; 0 where there was none.
         */
        HelpNoteBody: {
            note: components["schemas"]["HelpNote"];
            version: number;
        };
        /**
         * HelpNoteConfirmBody
         * @description The version of the help note that was looked at again.
         */
        HelpNoteConfirmBody: {
            version: number;
        };
        /**
         * HelpNoteWritten
         * @description The note is stored.
         */
        HelpNoteWritten: {
            incident: components["schemas"]["IncidentItem"];
            seq: number;
            version: number;
        };
        /**
         * HistoryAnswer
         * @description A page, newest first.
         */
        HistoryAnswer: {
            has_incidents: boolean;
            is_cut: boolean;
            items: components["schemas"]["HistoryItem"][];
            next: number | null;
        };
        /**
         * HistoryIncident
         * @description An incident there, in a word each.
         */
        HistoryIncident: {
            closed_at: number | null;
            disposition: ("cancelled" | "duplicate" | "fault" | "handled_by_plan" | "not_found" | "real" | "test" | "unwanted") | null;
            exercise: boolean;
            id: string;
            meaning: string | null;
            number: number;
            /** @enum {unknown} */
            priority: 1 | 2 | 3 | 4;
            /** @enum {unknown} */
            state: "closed" | "open";
            type: string;
        };
        /**
         * HistoryItem
         * @description One thing that happened at a place.
         */
        HistoryItem: {
            account: string | null;
            account_id: string | null;
            actor: string | null;
            at: number;
            changed: string[];
            code: string | null;
            incident: components["schemas"]["HistoryIncident"] | null;
            is_new: boolean;
            is_removed: boolean;
            kind: string;
            seq: number;
            test: components["schemas"]["HistoryTest"] | null;
            thing: string;
            /** @enum {unknown} */
            what: "edits" | "incidents" | "openings" | "tests";
            zones_out: components["schemas"]["HistoryOut"] | null;
        };
        /**
         * HistoryOut
         * @description Zones there that were taken out of service.
         */
        HistoryOut: {
            end_reason: ("account_removed" | "by_hand" | "due") | null;
            ended_at: number | null;
            /** @enum {unknown} */
            reason: "building_works" | "detector_fault" | "not_in_use" | "unwanted_alarms" | "waiting_for_parts";
            until: number;
            zones: string[];
        };
        /**
         * HistoryTest
         * @description A test there.
         */
        HistoryTest: {
            company: string | null;
            ended_at: number | null;
            id: string;
            /** @enum {unknown} */
            reason: "building_works" | "drill" | "fault_finding" | "installation" | "maintenance" | "walk_test";
            until: number;
        };
        /**
         * HoldBody
         * @description A hold to set: exactly as the second person agreed to it.
         */
        HoldBody: {
            approval: string;
            /** @enum {unknown} */
            reason: "accident_inquiry" | "complaint" | "court_order" | "insurance_claim" | "internal_review" | "police_request";
            until: number;
        };
        /**
         * HoldingsAnswer
         * @description What is held about oneself.
         */
        HoldingsAnswer: {
            acts: components["schemas"]["ActCountItem"][];
            contacts: ("email" | "push" | "sms" | "voice" | "webhook")[];
            credentials: components["schemas"]["CredentialItem"][];
            id: string;
            name: string;
            own: string[];
            roles: ("administrator" | "auditor" | "installer" | "integrator" | "operator" | "responder" | "site_contact" | "supervisor")[];
            sessions: components["schemas"]["HeldSession"][];
            text: string;
        };
        /**
         * HoldItem
         * @description A legal hold.
         */
        HoldItem: {
            holds: boolean;
            id: string;
            incident: string;
            lifted_at: number | null;
            lifted_by: string | null;
            lifted_reason: ("data_subject" | "set_by_mistake" | "settled") | null;
            /** @enum {unknown} */
            reason: "accident_inquiry" | "complaint" | "court_order" | "insurance_claim" | "internal_review" | "police_request";
            set_at: number;
            set_by: string | null;
            until: number;
        };
        /**
         * HoldsAnswer
         * @description Legal holds, latest first.
         */
        HoldsAnswer: {
            items: components["schemas"]["HoldItem"][];
        };
        /**
         * HoldUp
         * @description A silent call for help. The premises are not telephoned first.
         */
        HoldUp: {
            /** @enum {unknown} */
            by: "button" | "code" | "phrase" | "told";
            /** @default null */
            ways_out?: string | null;
        };
        /**
         * HoldUpBody
         * @description Body of a call for help of the control room itself.
         */
        HoldUpBody: {
            /** @default false */
            exercise?: boolean;
        };
        /**
         * HolidaysAnswer
         * @description Every calendar, by its label.
         */
        HolidaysAnswer: {
            items: components["schemas"]["HolidaysItem"][];
        };
        /**
         * HolidaysBody
         * @description A calendar, whole.
         */
        HolidaysBody: {
            days: components["schemas"]["DateHours"][];
            label: string;
            /** @default 0 */
            version?: number;
        };
        /**
         * HolidaysItem
         * @description A calendar, and who shares it.
         */
        HolidaysItem: {
            changed_at: number;
            changed_by: string | null;
            count: number;
            days: components["schemas"]["DateHours"][];
            id: string;
            label: string;
            users: components["schemas"]["HolidayUser"][];
            version: number;
        };
        /**
         * HolidaysRead
         * @description What a file says, and the calendar with it.
         */
        HolidaysRead: {
            item: components["schemas"]["HolidaysItem"];
            left_out: number;
        };
        /**
         * HolidayUser
         * @description A schedule that shares a calendar.
         */
        HolidayUser: {
            account: string;
            account_id: string;
            account_name: string | null;
            partition: string | null;
            schedule: string;
        };
        /**
         * HoursBody
         * @description Between which times of the local day a step is taken; outside them the next one is.
         */
        HoursBody: {
            from_min: number;
            to_min: number;
            zone: string;
        };
        /**
         * HoursItem
         * @description From when to when it is open, in minutes since midnight by the clock of the place.
         */
        HoursItem: {
            closes_min: number;
            opens_min: number;
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
            took_s: number;
        };
        /**
         * IncidentDetail
         * @description One incident, whole.
         */
        IncidentDetail: {
            address: string | null;
            directions: string | null;
            hazard_details: string | null;
            hazards: ("asbestos" | "batteries" | "biological" | "compressed_gas" | "confined_space" | "corrosive" | "cryogenic" | "dust_explosion" | "explosives" | "flammable_gas" | "flammable_liquid" | "fragile_floor_or_roof" | "high_voltage" | "oxidiser" | "photovoltaic" | "radioactive" | "toxic" | "water_reactive")[];
            incident: components["schemas"]["IncidentItem"];
            /** @description EPOCH-SEQ of the live stream */
            live: string;
            merged: components["schemas"]["MergedItem"][];
            merged_into: components["schemas"]["OtherIncident"] | null;
            on_test: components["schemas"]["OnTestNote"] | null;
            out_of_service: components["schemas"]["OutNote"] | null;
            plan: components["schemas"]["PlanDetail"] | null;
            points: components["schemas"]["Point"][];
            signals: components["schemas"]["SignalItem"][];
            split_from: components["schemas"]["OtherIncident"] | null;
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
            area: string | null;
            area_accounts: number;
            chatter_count: number;
            chatter_since: number | null;
            claimed_at: number | null;
            claimed_by: string | null;
            closed_at: number | null;
            closed_by: string | null;
            code: string | null;
            /** @enum {unknown} */
            condition: "active" | "returned";
            confirmed: boolean;
            disposition: ("cancelled" | "duplicate" | "fault" | "handled_by_plan" | "not_found" | "real" | "test" | "unwanted") | null;
            escalated: components["schemas"]["Escalation"][];
            exercise: boolean;
            /** @enum {unknown} */
            hazard: "collision" | "explosion" | "fire" | "flood_weather" | "hazmat" | "intrusion" | "medical" | "missing_person" | "rescue" | "robbery_holdup" | "technical" | "theft" | "trafficking_kidnap" | "utility" | "violence" | "welfare_check";
            id: string;
            is_room: boolean;
            last_at: number;
            look_again_at: number | null;
            look_again_due: boolean;
            number: number;
            opened_at: number;
            /** @enum {unknown} */
            origin: "call" | "centre" | "check_in" | "duty" | "signal";
            plan: components["schemas"]["PlanMark"] | null;
            /** @enum {unknown} */
            presentation: "on_test" | "out_of_service" | "shelved" | "shown";
            /** @enum {unknown} */
            priority: 1 | 2 | 3 | 4;
            raised_by: string | null;
            reason: string;
            reports: number;
            shelved: components["schemas"]["Shelved"] | null;
            signals: number;
            silent: boolean;
            site: string | null;
            site_id: string | null;
            /** @enum {unknown} */
            state: "closed" | "open";
            test: string | null;
            told_place: ("told" | "unclear") | null;
            type: string;
            version: number;
            zone: string | null;
            zone_name: string | null;
        };
        /**
         * IncidentNoticesAnswer
         * @description Who was told of an incident, newest first.
         */
        IncidentNoticesAnswer: {
            cannot: number;
            coming: number;
            items: components["schemas"]["NoticeItem"][];
            /** @default [] */
            nobody?: string[];
        };
        /**
         * IncidentPage
         * @description A page of incidents, most urgent first: priority, unclaimed before claimed before shelved, oldest first.
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
         * IncidentPlans
         * @description The plans of an incident's place.
         */
        IncidentPlans: {
            active: components["schemas"]["PlanZoneItem"][];
            items: components["schemas"]["PlanItem"][];
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
         * KeyCopies
         * @description Copies of keys in backups: what is erased is gone for good when those are gone that are older.
         */
        KeyCopies: {
            complete_at: number | null;
            made: number;
            without_end: number;
        };
        /**
         * KeyholderBody
         * @description A new keyholder. No answer ever holds a phrase.
         */
        KeyholderBody: {
            /**
             * @default always
             * @enum {unknown}
             */
            availability?: "always" | "away" | "daytime" | "nights" | "outside_working_hours" | "weekdays" | "weekends" | "working_hours";
            /** @default null */
            duress_phrase?: string | null;
            name: string;
            /** @default null */
            order?: number | null;
            /** @default null */
            pass_phrase?: string | null;
            telephones: string[];
        };
        /**
         * KeyholderChange
         * @description A keyholder as it shall be, and the version that was looked at. Phrases stay what they are.
         */
        KeyholderChange: {
            /**
             * @default always
             * @enum {unknown}
             */
            availability?: "always" | "away" | "daytime" | "nights" | "outside_working_hours" | "weekdays" | "weekends" | "working_hours";
            name: string;
            /** @default null */
            order?: number | null;
            telephones: string[];
            version: number;
        };
        /**
         * KeyholderItem
         * @description One keyholder, for whoever keeps the list. Phrases are never told, only that there are some.
         */
        KeyholderItem: {
            /** @enum {unknown} */
            availability: "always" | "away" | "daytime" | "nights" | "outside_working_hours" | "weekdays" | "weekends" | "working_hours";
            confirm_due_at: number;
            confirmed_at: number | null;
            gone_at: number | null;
            has_duress: boolean;
            has_phrase: boolean;
            id: string;
            is_due: boolean;
            name: string | null;
            order: number;
            removed_at: number | null;
            telephones: string[];
            version: number;
        };
        /**
         * KeyholdersAnswer
         * @description The call list of a site in its order, then those who were removed within 30 days.
         */
        KeyholdersAnswer: {
            items: components["schemas"]["KeyholderItem"][];
            phrases: components["schemas"]["PhrasesItem"];
            site_id: string;
            wishes: components["schemas"]["WishesState"];
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
         * KeyLinkItem
         * @description A link, and what became of it. What it holds is told nobody again.
         */
        KeyLinkItem: {
            company: string | null;
            end_reason: ("by_hand" | "replaced") | null;
            given_at: number;
            given_by: string | null;
            id: string;
            is_new: boolean;
            opened_at: number | null;
            opened_by: string | null;
            /** @enum {unknown} */
            state: "alive" | "ended" | "expired" | "opened";
            until: number;
        };
        /**
         * KeyLinkMade
         * @description A new link. It is told this once.
         */
        KeyLinkMade: {
            item: components["schemas"]["KeyLinkItem"];
            url: string;
        };
        /**
         * KeyLinksAnswer
         * @description Links to the keys of an account, the newest first.
         */
        KeyLinksAnswer: {
            items: components["schemas"]["KeyLinkItem"][];
            length_s_max: number;
        };
        /**
         * KindResults
         * @description What may become of a step of one kind.
         */
        KindResults: {
            /** @enum {unknown} */
            kind: "call" | "check" | "decision" | "dispatch" | "instruct" | "message" | "notify" | "question" | "wait";
            results: string[];
        };
        /**
         * LastDaysBody
         * @description A chain to be tried on the incidents of the last days: a stored one, one that is not saved, or a change of it.
         */
        LastDaysBody: {
            /** @default null */
            chain?: components["schemas"]["ChainBody"] | null;
            /** @default null */
            chain_id?: string | null;
            /** @default 30 */
            days?: number;
        };
        /**
         * LateAnswer
         * @description Whose schedule was not kept: open incidents about it.
         */
        LateAnswer: {
            items: components["schemas"]["LateItem"][];
            schedules: number;
        };
        /**
         * LateItem
         * @description A place that did not open, close or test in time, and has not since.
         */
        LateItem: {
            account: string | null;
            account_id: string;
            incident: string;
            incident_number: number;
            is_returned: boolean;
            partition: string | null;
            partition_name: string | null;
            reason: string;
            since: number;
            site: string | null;
            site_id: string | null;
            what: ("close" | "open" | "test") | null;
        };
        /**
         * LayerItem
         * @description Some people who follow one another. Of several layers the last that has somebody counts.
         */
        LayerItem: {
            at_min: number;
            first_day: number;
            /** @default 0 */
            from_min?: number;
            /** @default 1440 */
            to_min?: number;
            /** @default 7 */
            turn_days?: number;
            users: string[];
            /** @default [] */
            weekdays?: number[];
        };
        /**
         * LiftBody
         * @description A hold to lift.
         */
        LiftBody: {
            approval: string;
            /** @enum {unknown} */
            reason: "data_subject" | "set_by_mistake" | "settled";
        };
        /**
         * LineBody
         * @description A line as it is to be: at a site, or the telephone of a desk.
         */
        LineBody: {
            /** @default null */
            desk?: string | null;
            /** @default null */
            exact?: string | null;
            number: string;
            /** @default null */
            site_id?: string | null;
            /** @default null */
            version?: number | null;
        };
        /**
         * LineItem
         * @description A telephone line.
         */
        LineItem: {
            desk: string | null;
            desk_label: string | null;
            exact: string | null;
            id: string;
            number: string;
            site: string | null;
            site_id: string | null;
            version: number;
        };
        /**
         * LinesAnswer
         * @description Telephone lines, in the order in which they were made.
         */
        LinesAnswer: {
            items: components["schemas"]["LineItem"][];
        };
        /**
         * LinkAnswer
         * @description A sign-in link, shown this once: it lets in whoever opens it first.
         */
        LinkAnswer: {
            expires_at: number;
            url: string;
        };
        /**
         * LinkedRing
         * @description What the same number rang about before.
         */
        LinkedRing: {
            at: number;
            call: string | null;
            incident: string | null;
            ring: string;
        };
        /**
         * ListedItem
         * @description What goes with a shift.
         */
        ListedItem: {
            by_plan: string[];
            by_plan_count: number;
            claimed: string[];
            held: string[];
            held_count: number;
            incidents: string[];
            incidents_count: number;
            shelved: string[];
            shelved_count: number;
            tests: string[];
            tests_count: number;
            timers: components["schemas"]["TimerCount"][];
            zones_out: string[];
            zones_out_count: number;
        };
        /**
         * Load
         * @description How many incidents were announced, up to now.
         */
        Load: {
            hour: number;
            minute: number;
            ten_min: number;
        };
        /**
         * LoadTarget
         * @description A figure of the chosen load profile, for one staffed desk.
         */
        LoadTarget: {
            id: string;
            is_confirmed: boolean;
            measure: string;
            source: string;
            target_milli: number;
        };
        /**
         * Located
         * @description A position of a caller, as it was told. It exists in memory and sealed under the ring's key.
         */
        Located: {
            /** @default null */
            altitude_m?: number | null;
            /** @default null */
            civic?: string | null;
            /** @default null */
            confidence_pct?: number | null;
            /** @default null */
            floor?: string | null;
            /** @default null */
            latitude?: number | null;
            /** @default null */
            longitude?: number | null;
            /** @default null */
            measured_at?: number | null;
            /** @default null */
            radius_m?: number | null;
            /** @enum {unknown} */
            source: "aml" | "pidf";
        };
        /**
         * LockBody
         * @description Why a desk is locked.
         */
        LockBody: {
            /**
             * @default asked
             * @enum {unknown}
             */
            reason?: "asked" | "idle";
        };
        /**
         * LoneWorker
         * @description Somebody who works alone and does not answer.
         */
        LoneWorker: {
            /** @enum {unknown} */
            by: "button" | "missed_check_in" | "no_movement" | "told";
            /** @default null */
            position?: string | null;
            /** @default null */
            since?: number | null;
        };
        /**
         * MailBody
         * @description Who may send mail for a source, and what its lines say.
         */
        MailBody: {
            /** @default [] */
            lines?: components["schemas"]["MailLineItem"][];
            networks: string[];
            senders: string[];
        };
        /**
         * MailItem
         * @description A mail source, for those who may set it up.
         */
        MailItem: {
            address: string | null;
            lines: components["schemas"]["MailLineItem"][];
            networks: string[];
            senders: string[];
        };
        /**
         * MailLineItem
         * @description What a line of a mail says.
         */
        MailLineItem: {
            /** @default null */
            device?: string | null;
            /** @default true */
            is_active?: boolean;
            pattern: string;
            word: string;
        };
        /**
         * MapLineItem
         * @description One line of a mapping: what a value at a place says.
         */
        MapLineItem: {
            at: string;
            /** @default null */
            back?: number | null;
            /**
             * @default is
             * @enum {unknown}
             */
            compare?: "above" | "below" | "is";
            /** @default null */
            device?: string | null;
            /** @default null */
            expected?: string | null;
            /** @default true */
            is_active?: boolean;
            /** @default null */
            limit?: number | null;
            /** @default null */
            unit?: string | null;
            word: string;
        };
        /**
         * MappingItem
         * @description What messages of a form of their own mean: a table, and no language.
         */
        MappingItem: {
            /** @default null */
            device_at?: string | null;
            /** @default null */
            each?: string | null;
            /** @default null */
            id_at?: string | null;
            lines: components["schemas"]["MapLineItem"][];
            /** @default [] */
            returned?: string[];
            /** @default null */
            state_at?: string | null;
            /** @default null */
            text_at?: string | null;
            /** @default null */
            time_at?: string | null;
            /** @default [] */
            values?: components["schemas"]["MapValueItem"][];
        };
        /**
         * MapValueItem
         * @description A number that is kept beside each signal.
         */
        MapValueItem: {
            at: string;
            unit: string;
        };
        /**
         * MeAnswer
         * @description The own account.
         */
        MeAnswer: {
            credentials: components["schemas"]["CredentialsItem"];
            is_fresh: boolean;
            needs_old: boolean;
            own: string[];
            sessions: components["schemas"]["SessionListItem"][];
            user: components["schemas"]["UserItem"];
        };
        /**
         * MemberBody
         * @description Somebody in a group, and what they can do there.
         */
        MemberBody: {
            /** @default [] */
            capabilities?: string[];
            user_id: string;
        };
        /**
         * MergeBody
         * @description Body of a merge: this incident becomes a closed duplicate of the other.
         */
        MergeBody: {
            into: string;
            seen: number;
            /** @default false */
            take_over?: boolean;
            version: number;
        };
        /**
         * MergedItem
         * @description An incident that was merged into this one.
         */
        MergedItem: {
            id: string;
            merged_at: number;
            merged_by: string | null;
            number: number;
            type: string;
        };
        /**
         * MessageAnswer
         * @description Whether it would be stored, and why not. Nothing was stored or counted.
         */
        MessageAnswer: {
            code: string | null;
            index: number | null;
            is_accepted: boolean;
            messages: components["schemas"]["ReadMessage"][];
            why: string | null;
        };
        /**
         * MessageBody
         * @description A message that was pasted, to be looked at.
         */
        MessageBody: {
            /**
             * @default application/json
             * @enum {unknown}
             */
            content_type?: "application/cloudevents+json" | "application/cloudevents-batch+json" | "application/json";
            /** @default null */
            mail_lines?: components["schemas"]["MailLineItem"][] | null;
            /** @default null */
            mapping?: components["schemas"]["MappingItem"] | null;
            text: string;
            /** @default  */
            topic?: string;
        };
        /**
         * MissedBody
         * @description What follows when a limit is missed.
         */
        MissedBody: {
            /** @default null */
            chain?: string | null;
            /** @enum {unknown} */
            do: "go" | "mark" | "tell";
            /** @default null */
            go?: string | null;
        };
        /**
         * Missing
         * @description Somebody who is missing and in danger. The harm that is feared must be said.
         */
        Missing: {
            /** @default null */
            aids?: string | null;
            /** @default null */
            direction?: string | null;
            harm_feared: ("alone_and_dependent" | "cannot_find_the_way" | "cold" | "drowning" | "fall" | "harm_by_somebody_else" | "harm_to_themselves" | "heat" | "needs_medicine" | "traffic")[];
            /** @default null */
            known_by?: string | null;
            /** @default null */
            last_place?: string | null;
            /** @default null */
            last_seen_at?: number | null;
        };
        /**
         * MqttBody
         * @description Topics of a source at the broker.
         */
        MqttBody: {
            /** @default  */
            base?: string;
            /** @default [] */
            cameras?: string[];
            /** @enum {unknown} */
            convention: "chirpstack" | "frigate" | "generic" | "home_assistant" | "zigbee2mqtt";
            /** @default [] */
            topics?: string[];
        };
        /**
         * MqttItem
         * @description Topics of a source at the broker, as they are.
         */
        MqttItem: {
            base: string;
            cameras: string[];
            /** @enum {unknown} */
            convention: "chirpstack" | "frigate" | "generic" | "home_assistant" | "zigbee2mqtt";
            topics: string[];
        };
        /**
         * MyReachAnswer
         * @description How one is reached.
         */
        MyReachAnswer: {
            away: components["schemas"]["AwayItem"];
            channels: ("email" | "push" | "sms" | "voice" | "webhook")[];
            contacts: components["schemas"]["ContactItem"][];
            contacts_max: number;
            push_key: string | null;
            reach: components["schemas"]["ReachItem"];
            rules: components["schemas"]["RulesBody"];
        };
        /**
         * NamedZone
         * @description A zone that somebody gave a name.
         */
        NamedZone: {
            name: string;
            number: string;
        };
        /**
         * NeedBody
         * @description So many who can do something.
         */
        NeedBody: {
            capability: string;
            count: number;
        };
        /**
         * NextBody
         * @description Go past the step whose turn it is, which is not mandatory.
         */
        NextBody: {
            step: string;
        };
        /**
         * NextCall
         * @description Whom to call next.
         */
        NextCall: {
            of: string | null;
            /** @enum {unknown} */
            reason: "again" | "attends" | "duress" | "first_round" | "nobody" | "through";
            telephone: number | null;
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
         * NoticeItem
         * @description A notice as the board shows it. Nothing of an address.
         */
        NoticeItem: {
            answer: ("arrived" | "cannot" | "coming") | null;
            answered_at: number | null;
            attempts: components["schemas"]["AttemptItem"][];
            changed_at: number;
            exercise: boolean;
            expires_at: number;
            id: string;
            incident: string | null;
            is_late: boolean;
            is_waiting: boolean;
            next_channel: ("email" | "push" | "sms" | "voice" | "webhook") | null;
            number: number | null;
            priority: (1 | 2 | 3 | 4) | null;
            /** @enum {unknown} */
            purpose: "check_in" | "incident" | "program" | "reminder" | "test";
            queued_at: number;
            reason: string | null;
            /** @enum {unknown} */
            state: "accepted" | "answered" | "delivered" | "expired" | "failed" | "held" | "queued" | "seen";
            user_id: string;
        };
        /**
         * NoticesAnswer
         * @description A page of the delivery board, newest first.
         */
        NoticesAnswer: {
            failing: string[];
            failing_of: string[];
            held: number;
            items: components["schemas"]["NoticeItem"][];
            next: number | null;
            tests_due_of: string[];
            waiting: number;
            ways: string[];
        };
        /**
         * NotifyBody
         * @description Whom to tell of an incident: some who work here, and everybody who has one of some roles.
         */
        NotifyBody: {
            /** @default [] */
            roles?: ("administrator" | "auditor" | "installer" | "integrator" | "operator" | "responder" | "site_contact" | "supervisor")[];
            /** @default [] */
            rosters?: string[];
            /** @default [] */
            users?: string[];
            /** @default null */
            wanted?: number | null;
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
         * OfferPartBody
         * @description Offer what is open of a class or of a site, or of a class at a site.
         */
        OfferPartBody: {
            /** @default null */
            hazard?: ("collision" | "explosion" | "fire" | "flood_weather" | "hazmat" | "intrusion" | "medical" | "missing_person" | "rescue" | "robbery_holdup" | "technical" | "theft" | "trafficking_kidnap" | "utility" | "violence" | "welfare_check") | null;
            /** @default null */
            site_id?: string | null;
            to_desk: string;
        };
        /**
         * OfferShiftBody
         * @description Hand a shift over.
         */
        OfferShiftBody: {
            to: string;
        };
        /**
         * OnTestAnswer
         * @description The board: what ends first comes first; then what ended within the last day, the latest first.
         */
        OnTestAnswer: {
            at: number;
            default_s: number;
            ended: components["schemas"]["OnTestItem"][];
            items: components["schemas"]["OnTestItem"][];
            length_s_max: number;
            stay_live: ("collision" | "explosion" | "fire" | "flood_weather" | "hazmat" | "intrusion" | "medical" | "missing_person" | "rescue" | "robbery_holdup" | "technical" | "theft" | "trafficking_kidnap" | "utility" | "violence" | "welfare_check")[];
        };
        /**
         * OnTestDetail
         * @description One test with what arrived, newest first.
         */
        OnTestDetail: {
            arrived: components["schemas"]["ArrivedItem"][];
            test: components["schemas"]["OnTestItem"];
        };
        /**
         * OnTestItem
         * @description One place on test, or that was.
         */
        OnTestItem: {
            account: string | null;
            account_id: string | null;
            account_name: string | null;
            /** @enum {unknown} */
            asked_by: "installer" | "keyholder" | "site_contact" | "staff";
            begun_at: number;
            begun_by: string | null;
            company: string | null;
            end_reason: ("by_hand" | "due") | null;
            ended_at: number | null;
            ended_by: string | null;
            extended: number;
            id: string;
            is_cut: boolean;
            last_at: number | null;
            live: ("collision" | "explosion" | "fire" | "flood_weather" | "hazmat" | "intrusion" | "medical" | "missing_person" | "rescue" | "robbery_holdup" | "technical" | "theft" | "trafficking_kidnap" | "utility" | "violence" | "welfare_check")[];
            marks: ("again" | "long" | "quiet")[];
            missing: string[] | null;
            partition: string | null;
            partition_name: string | null;
            /** @enum {unknown} */
            reason: "building_works" | "drill" | "fault_finding" | "installation" | "maintenance" | "walk_test";
            signals: number;
            site: string | null;
            site_id: string | null;
            until: number;
            word_at: number | null;
            zone_names: components["schemas"]["NamedZone"][];
            zones: string[];
        };
        /**
         * OnTestNote
         * @description The test that an incident's place was on when it opened.
         */
        OnTestNote: {
            ended_at: number | null;
            id: string;
            /** @enum {unknown} */
            reason: "building_works" | "drill" | "fault_finding" | "installation" | "maintenance" | "walk_test";
            until: number;
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
         * OrderBody
         * @description Every keyholder of the list, in the order in which they shall be called.
         */
        OrderBody: {
            ids: string[];
        };
        /**
         * OtherIncident
         * @description Another incident that this one belongs to, or came from.
         */
        OtherIncident: {
            at: number;
            id: string;
            number: number;
        };
        /**
         * OutIncident
         * @description What zones out of service said: an incident that starts no response.
         */
        OutIncident: {
            id: string;
            number: number;
        };
        /**
         * OutNote
         * @description By what an incident's zone was out of service when it opened.
         */
        OutNote: {
            ended_at: number | null;
            id: string;
            /** @enum {unknown} */
            reason: "building_works" | "detector_fault" | "not_in_use" | "unwanted_alarms" | "waiting_for_parts";
            until: number;
        };
        /**
         * OutZone
         * @description One zone that is out of service.
         */
        OutZone: {
            name: string | null;
            number: string;
        };
        /**
         * OverrideBody
         * @description Somebody instead of another, for a time.
         */
        OverrideBody: {
            from_at: number;
            /** @default null */
            instead_of?: string | null;
            until_at: number;
            user: string;
        };
        /**
         * OverrideItem
         * @description Somebody instead of another, for a time.
         */
        OverrideItem: {
            from_at: number;
            instead_of: string | null;
            number: number;
            until_at: number;
            user: string;
        };
        /**
         * OwnAccountItem
         * @description An account as its installer sees it: whether it is heard, and its faults.
         */
        OwnAccountItem: {
            account: string;
            account_id: string;
            category: string | null;
            faults: components["schemas"]["OwnFault"][];
            has_key: boolean;
            heard_at: number | null;
            name: string | null;
            zones: number;
        };
        /**
         * OwnAccountsAnswer
         * @description The accounts that one looks after.
         */
        OwnAccountsAnswer: {
            items: components["schemas"]["OwnAccountItem"][];
        };
        /**
         * OwnFault
         * @description A technical fault that is open.
         */
        OwnFault: {
            /** @enum {unknown} */
            condition: "active" | "returned";
            meaning: string | null;
            since: number;
            type: string;
        };
        /**
         * OwnIncidentItem
         * @description An incident as the contact of its site sees it: nothing that people said, nobody who handles it.
         */
        OwnIncidentItem: {
            closed_at: number | null;
            /** @enum {unknown} */
            condition: "active" | "returned";
            exercise: boolean;
            /** @enum {unknown} */
            hazard: "collision" | "explosion" | "fire" | "flood_weather" | "hazmat" | "intrusion" | "medical" | "missing_person" | "rescue" | "robbery_holdup" | "technical" | "theft" | "trafficking_kidnap" | "utility" | "violence" | "welfare_check";
            is_claimed: boolean;
            meaning: string | null;
            number: number;
            opened_at: number;
            /** @enum {unknown} */
            presentation: "on_test" | "out_of_service" | "shelved" | "shown";
            /** @enum {unknown} */
            priority: 1 | 2 | 3 | 4;
            site: string | null;
            site_id: string;
            /** @enum {unknown} */
            state: "closed" | "open";
            type: string;
            zone: string | null;
            zone_name: string | null;
        };
        /**
         * OwnIncidentsAnswer
         * @description What happens at the own sites, and what was closed there in the last 30 days; newest first.
         */
        OwnIncidentsAnswer: {
            items: components["schemas"]["OwnIncidentItem"][];
            sites: string[];
        };
        /**
         * OwnKeyholderItem
         * @description A keyholder as the contact of the site sees one.
         */
        OwnKeyholderItem: {
            /** @enum {unknown} */
            availability: "always" | "away" | "daytime" | "nights" | "outside_working_hours" | "weekdays" | "weekends" | "working_hours";
            confirmed_at: number | null;
            id: string;
            is_due: boolean;
            name: string | null;
            order: number;
            telephones: string[];
            version: number;
        };
        /**
         * OwnKeyholdersAnswer
         * @description The call list of one's own site, in its order.
         */
        OwnKeyholdersAnswer: {
            items: components["schemas"]["OwnKeyholderItem"][];
            site_id: string;
        };
        /**
         * OwnPlaceItem
         * @description One of the own places, to choose from.
         */
        OwnPlaceItem: {
            account: string | null;
            id: string;
            name: string | null;
        };
        /**
         * OwnTestDetail
         * @description One test, what came of it, newest first, and the zones of which no alarm came.
         */
        OwnTestDetail: {
            missing: string[] | null;
            test: components["schemas"]["OwnTestItem"];
            tried: components["schemas"]["TriedItem"][];
        };
        /**
         * OwnTestItem
         * @description One of the own places on test, or that was within the last day.
         */
        OwnTestItem: {
            account: string | null;
            account_id: string | null;
            account_name: string | null;
            begun_at: number;
            end_reason: ("by_hand" | "due") | null;
            ended_at: number | null;
            id: string;
            is_mine: boolean;
            partition: string | null;
            partition_name: string | null;
            /** @enum {unknown} */
            reason: "building_works" | "drill" | "fault_finding" | "installation" | "maintenance" | "walk_test";
            site: string | null;
            site_id: string | null;
            until: number;
            word_at: number | null;
            zone_names: components["schemas"]["NamedZone"][];
            zones: string[];
        };
        /**
         * OwnTestsAnswer
         * @description What ends first comes first; what is over comes last.
         */
        OwnTestsAnswer: {
            at: number;
            items: components["schemas"]["OwnTestItem"][];
            length_s_max: number;
            places: components["schemas"]["OwnPlaceItem"][];
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
         * PanelsItem
         * @description The panels' receiver, as one row of the ways in. Counts are those since the start of the centre.
         */
        PanelsItem: {
            accounts: number;
            refused: components["schemas"]["PanelsRefused"][];
            repeated: number;
            stored: number;
        };
        /**
         * PanelsRefused
         * @description How often for one reason.
         */
        PanelsRefused: {
            count: number;
            reason: string;
        };
        /**
         * ParameterItem
         * @description A number of judgement.
         */
        ParameterItem: {
            least: number;
            most: number;
            name: string;
            now: number;
            shipped: number;
            words: string;
        };
        /**
         * ParametersAnswer
         * @description Every parameter as it is in force, and the newest versions, newest first.
         */
        ParametersAnswer: {
            items: components["schemas"]["ParameterItem"][];
            version: number;
            versions: components["schemas"]["RulesVersionItem"][];
        };
        /**
         * ParametersBody
         * @description All that shall be other than it ships, and the version that was looked at.
         */
        ParametersBody: {
            changed: components["schemas"]["ParameterValue"][];
            version: number;
        };
        /**
         * ParameterValue
         * @description A parameter that is other than it ships.
         */
        ParameterValue: {
            name: string;
            value: number;
        };
        /**
         * PasswordBody
         * @description Body of a new password for oneself.
         */
        PasswordBody: {
            new: string;
            /** @default null */
            old?: string | null;
        };
        /**
         * PathItem
         * @description One path of an account.
         */
        PathItem: {
            is_missing: boolean;
            limit_s: number | null;
            line: number | null;
            name: string | null;
            network: string | null;
            /** @enum {unknown} */
            path: "alternative" | "only" | "primary";
            receiver: number | null;
            silent_s: number | null;
            transport: ("http" | "mqtt" | "smtp" | "tcp" | "tls" | "udp") | null;
        };
        /**
         * PatientNote
         * @description One patient: what a crew needs before it is there.
         */
        PatientNote: {
            /** @default null */
            allergy?: string | null;
            /**
             * @default unknown
             * @enum {unknown}
             */
            awake?: "no" | "unknown" | "yes";
            /**
             * @default unknown
             * @enum {unknown}
             */
            breathing?: "no" | "not_normally" | "unknown" | "yes";
            /** @default null */
            infection_risk?: string | null;
            /** @default null */
            language?: string | null;
            /** @enum {unknown} */
            patient: "adult" | "baby" | "child";
            /**
             * @default unknown
             * @enum {unknown}
             */
            pregnant?: "no" | "unknown" | "yes";
            /** @default null */
            weight_kg?: number | null;
            /** @default null */
            what_happened?: string | null;
        };
        /**
         * PbxBody
         * @description How a telephone system tells of calls.
         */
        PbxBody: {
            /** @default [] */
            hosts?: string[];
            /** @default [] */
            names?: components["schemas"]["PbxWord"][];
        };
        /**
         * PbxItem
         * @description How a telephone system tells of calls.
         */
        PbxItem: {
            hosts: string[];
            names: components["schemas"]["PbxWordItem"][];
        };
        /**
         * PbxWord
         * @description A word of ours, and the telephone system's.
         */
        PbxWord: {
            /** @enum {unknown} */
            ours: "answered" | "call" | "caller" | "ended" | "event" | "extension" | "line" | "location" | "ringing";
            theirs: string;
        };
        /**
         * PbxWordItem
         * @description A word of ours, and the telephone system's.
         */
        PbxWordItem: {
            ours: string;
            theirs: string;
        };
        /**
         * PermissionItem
         * @description A permission, in words.
         */
        PermissionItem: {
            permission: string;
            words: string;
        };
        /**
         * PersonsInNeed
         * @description How many need help, as people told it; never from a machine, and never how many there are.
         */
        PersonsInNeed: {
            /** @default null */
            accounted_for?: number | null;
            /** @default null */
            crew_strength?: number | null;
            /** @default null */
            hurt?: number | null;
            /** @default null */
            missing?: number | null;
            /** @default null */
            to_be_moved?: number | null;
            /** @enum {unknown} */
            told_by: "caller" | "crew" | "staff";
            /** @default null */
            trapped?: number | null;
        };
        /**
         * PhraseAnswer
         * @description What became of it. With `duress` the incident is of priority 1 and silent from now on.
         */
        PhraseAnswer: {
            incident: components["schemas"]["IncidentItem"];
            /** @enum {unknown} */
            outcome: "duress" | "right" | "wrong";
            seq: number;
        };
        /**
         * PhraseCheckBody
         * @description What somebody on the telephone said, and whose phrase it should be: a keyholder's, or the site's.
         */
        PhraseCheckBody: {
            of: string;
            phrase: string;
        };
        /**
         * PhrasesBody
         * @description Phrases as they shall be; null: none. `version` is the keyholder's, or of the site's phrases.
         */
        PhrasesBody: {
            duress_phrase: string | null;
            pass_phrase: string | null;
            version: number;
        };
        /**
         * PhrasesItem
         * @description Whether a site has phrases of its own. `version` 0: there are none.
         */
        PhrasesItem: {
            has_duress: boolean;
            has_phrase: boolean;
            version: number;
        };
        /**
         * PinBody
         * @description Body of a new PIN.
         */
        PinBody: {
            pin: string;
        };
        /**
         * PlacedZone
         * @description A zone, and where it is on the plan: parts of ten thousand of width and height, from the upper left.
         */
        PlacedZone: {
            account_id: string;
            number: string;
            x: number;
            y: number;
        };
        /**
         * PlacesAnswer
         * @description Names for accounts and sites, at most 200 of each at once.
         */
        PlacesAnswer: {
            accounts: components["schemas"]["AccountPlaceItem"][];
            config: number;
            sites: components["schemas"]["SitePlaceItem"][];
        };
        /**
         * PlacesImportAnswer
         * @description What an import changed, or would change.
         */
        PlacesImportAnswer: {
            dry_run: boolean;
            gone: number;
            kinds: {
                [key: string]: number;
            };
            long: number;
            nameless: number;
            new: number;
            places: number;
            same: number;
        };
        /**
         * PlaceWarningBody
         * @description What crews who are sent there are warned of, and until when.
         */
        PlaceWarningBody: {
            /** @enum {unknown} */
            danger: "crew_attacked" | "dog" | "needles" | "weapons_stored";
            ends_at: number;
        };
        /**
         * PlaceWarningItem
         * @description A warning to crews about the place of an incident.
         */
        PlaceWarningItem: {
            cause: string;
            /** @enum {unknown} */
            danger: "crew_attacked" | "dog" | "needles" | "weapons_stored";
            ends_at: number;
            id: string;
            made_at: number;
            made_by: string | null;
        };
        /**
         * PlaceWarningsAnswer
         * @description Warnings of the place of an open incident; of a closed one, those that it gave the reason for.
         */
        PlaceWarningsAnswer: {
            items: components["schemas"]["PlaceWarningItem"][];
            may_cause: ("crew_attacked" | "dog" | "needles" | "weapons_stored")[];
        };
        /**
         * PlanAnswer
         * @description What an act made of the incident and its plan.
         */
        PlanAnswer: {
            incident: components["schemas"]["IncidentItem"];
            plan: components["schemas"]["PlanDetail"] | null;
            seq: number;
        };
        /**
         * PlanBody
         * @description Which level it shows, and where zones are: these and no others.
         */
        PlanBody: {
            level: number;
            version: number;
            zones: components["schemas"]["PlacedZone"][];
        };
        /**
         * PlanCheckAnswer
         * @description What is wrong with a plan, or may be. Nothing was saved.
         */
        PlanCheckAnswer: {
            problems: components["schemas"]["PlanProblemItem"][];
        };
        /**
         * PlanDetail
         * @description The plan of one incident.
         */
        PlanDetail: {
            alone: boolean;
            begun: boolean;
            begun_at: number | null;
            due_at: number | null;
            ended: boolean;
            hash: string;
            late: boolean;
            name: string;
            plan_id: string | null;
            since: number | null;
            step: string | null;
            steps: components["schemas"]["PlanStepItem"][];
            undone: string[];
            version: number;
        };
        /**
         * PlanDryAnswer
         * @description What a dry run shows. Nothing was sent.
         */
        PlanDryAnswer: {
            ends: string | null;
            name: string;
            problems: components["schemas"]["PlanProblemItem"][];
            steps: components["schemas"]["PlanDryStep"][];
            undone: string[];
        };
        /**
         * PlanDryBody
         * @description Body of a dry run: a plan, or what the plan of such an incident would be.
         */
        PlanDryBody: {
            /** @default false */
            alone?: boolean;
            /** @default [] */
            answers?: components["schemas"]["DryAnswerBody"][];
            /** @default null */
            plan?: components["schemas"]["ActionPlanBody"] | null;
            /** @default null */
            site_id?: string | null;
            /** @default null */
            type?: string | null;
        };
        /**
         * PlanDryStep
         * @description A step of a dry run.
         */
        PlanDryStep: {
            answered: boolean;
            at_s: number;
            /** @enum {unknown} */
            kind: "call" | "check" | "decision" | "dispatch" | "instruct" | "message" | "notify" | "question" | "wait";
            result: string | null;
            step: string;
            took_s: number | null;
            words: string;
        };
        /**
         * PlanImportAnswer
         * @description What an import of plans did, or with `dry_run` would do: the whole file or nothing.
         */
        PlanImportAnswer: {
            basis: string;
            dry_run: boolean;
            plans: components["schemas"]["PlanImportItem"][];
            refused: boolean;
        };
        /**
         * PlanImportItem
         * @description One plan of a file, beside what there is of its name.
         */
        PlanImportItem: {
            added: string[];
            changed: string[];
            fields: ("alone" | "hours" | "order" | "sites" | "types")[];
            in_place_of_shipped: boolean;
            name: string;
            problems: components["schemas"]["PlanProblemItem"][];
            removed: string[];
            /** @enum {unknown} */
            state: "changed" | "new" | "same";
            version: number;
        };
        /**
         * PlanItem
         * @description One floor plan.
         */
        PlanItem: {
            changed_at: number;
            changed_by: string | null;
            content: string;
            height_px: number;
            id: string;
            level: number;
            /** @enum {unknown} */
            media: "jpeg" | "png";
            site_id: string;
            size_bytes: number;
            version: number;
            width_px: number;
            zones: components["schemas"]["PlanZoneItem"][];
        };
        /**
         * PlanMark
         * @description How far an incident has come with its action plan, in its row.
         */
        PlanMark: {
            alone: boolean;
            due_at: number | null;
            ended: boolean;
            late: boolean;
            name: string;
            number: number;
            of: number;
            step: string | null;
            undone: number;
        };
        /**
         * PlanProblemItem
         * @description What is wrong with a plan, or may be.
         */
        PlanProblemItem: {
            code: string;
            refused: boolean;
            step: string | null;
            words: string;
        };
        /**
         * PlansAnswer
         * @description The plans of a site, the lowest level first, and its zones.
         */
        PlansAnswer: {
            items: components["schemas"]["PlanItem"][];
            zones: components["schemas"]["PlanZoneItem"][];
        };
        /**
         * PlanSiteItem
         * @description A site that a plan is for.
         */
        PlanSiteItem: {
            id: string;
            name: string | null;
        };
        /**
         * PlanStepBody
         * @description A step of a plan.
         */
        PlanStepBody: {
            /** @default null */
            answers?: ("choice" | "number" | "yes_no") | null;
            /** @default [] */
            asks?: string[];
            /** @default null */
            call?: ("keyholders" | "number" | "other") | null;
            /** @default null */
            choices?: string | null;
            /** @default [] */
            goes?: components["schemas"]["GoesBody"][];
            id: string;
            /** @enum {unknown} */
            kind: "call" | "check" | "decision" | "dispatch" | "instruct" | "message" | "notify" | "question" | "wait";
            /** @default null */
            limit_s?: number | null;
            /** @default null */
            line?: ("crews_informed" | "engineer_informed" | "handed_over" | "help_on_the_way" | "keyholder_informed" | "no_cause_found" | "place_secured" | "police_informed" | "site_informed") | null;
            /** @default false */
            mandatory?: boolean;
            /** @default null */
            missed?: components["schemas"]["MissedBody"] | null;
            /** @default null */
            next?: string | null;
            /** @default null */
            telephone?: string | null;
            /** @default false */
            until_returned?: boolean;
            /** @default 0 */
            wait_s?: number;
            /** @default null */
            whom?: components["schemas"]["WhomBody"] | null;
            words: string;
        };
        /**
         * PlanStepItem
         * @description A step of an incident's plan, and what became of it.
         */
        PlanStepItem: {
            answers: ("choice" | "number" | "yes_no") | null;
            asks: components["schemas"]["Coded"][];
            at: number | null;
            by: string | null;
            by_plan: boolean;
            call: ("keyholders" | "number" | "other") | null;
            id: string;
            /** @enum {unknown} */
            kind: "call" | "check" | "decision" | "dispatch" | "instruct" | "message" | "notify" | "question" | "wait";
            limit_s: number | null;
            mandatory: boolean;
            reason: ("done_elsewhere" | "not_needed" | "not_possible" | "other_first" | "unsafe") | null;
            result: string | null;
            result_words: string | null;
            results: components["schemas"]["Coded"][];
            /** @enum {unknown} */
            state: "ahead" | "done" | "missed" | "now" | "skipped" | "waived";
            telephone: string | null;
            words: string;
        };
        /**
         * PlanVersionItem
         * @description One version of a plan of the centre's own.
         */
        PlanVersionItem: {
            changed_at: number | null;
            changed_by: string | null;
            hash: string;
            id: string;
            name: string;
            now: boolean;
            removed: boolean;
            steps: number;
            version: number;
        };
        /**
         * PlanVersionsAnswer
         * @description Versions of a plan, newest first.
         */
        PlanVersionsAnswer: {
            items: components["schemas"]["PlanVersionItem"][];
            older: number;
        };
        /**
         * PlanZoneItem
         * @description The same with its names.
         */
        PlanZoneItem: {
            account: string;
            account_id: string;
            name: string | null;
            number: string;
            type: string | null;
            x: number | null;
            y: number | null;
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
         * PositionAnswer
         * @description How far an incident has come.
         */
        PositionAnswer: {
            chain_id: string | null;
            chain_name: string | null;
            next: components["schemas"]["AheadItem"] | null;
            next_built_in: components["schemas"]["AheadItem"] | null;
            strength: components["schemas"]["StandingItem"] | null;
            taken: components["schemas"]["Escalation"][];
        };
        /**
         * Problem
         * @description RFC 9457. `code` is stable; `detail` is a sentence with the remedy.
         */
        Problem: {
            /** @default null */
            account?: components["schemas"]["AccountItem"] | null;
            /** @default null */
            action_plan?: components["schemas"]["ActionPlanItem"] | null;
            /** @default null */
            chain?: components["schemas"]["ChainItem"] | null;
            /** @default null */
            changed_at?: number | null;
            /** @default null */
            changed_by?: string | null;
            code: string;
            detail: string;
            /** @default null */
            group?: components["schemas"]["GroupItem"] | null;
            /** @default null */
            holidays?: components["schemas"]["HolidaysItem"] | null;
            /** @default null */
            incident?: components["schemas"]["IncidentItem"] | null;
            /** @default null */
            parameters?: components["schemas"]["ParametersAnswer"] | null;
            /** @default null */
            problems?: string[] | null;
            /** @default null */
            retry_after_s?: number | null;
            /** @default null */
            site?: components["schemas"]["SiteItem"] | null;
            status: number;
            /** @default null */
            steps?: components["schemas"]["UndoneStep"][] | null;
            title: string;
            type: string;
            /** @default null */
            zones?: components["schemas"]["ZonesAnswer"] | null;
        };
        /**
         * ProblemItem
         * @description What is wrong with a chain, or may be.
         */
        ProblemItem: {
            about: string[];
            code: string;
            refused: boolean;
            step: number | null;
            words: string;
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
         * ProofBody
         * @description A signature of the challenge.
         */
        ProofBody: {
            signature: string;
        };
        /**
         * QuestionAnswered
         * @description What the caller answers to one question of the catalogue.
         */
        QuestionAnswered: {
            number: number;
            /** @default null */
            said?: ("no" | "unknown" | "yes") | null;
            /** @default null */
            words?: string | null;
        };
        /**
         * QueuePartItem
         * @description Part of the queue that one desk offers to another, or has handed to it.
         */
        QueuePartItem: {
            accepted_at: number | null;
            accepted_by: string | null;
            by: string;
            from_desk: string | null;
            hazard: ("collision" | "explosion" | "fire" | "flood_weather" | "hazmat" | "intrusion" | "medical" | "missing_person" | "rescue" | "robbery_holdup" | "technical" | "theft" | "trafficking_kidnap" | "utility" | "violence" | "welfare_check") | null;
            id: string;
            incidents: string[];
            offered_at: number;
            site_id: string | null;
            to_desk: string;
        };
        /**
         * QuickArmed
         * @description Whether an account there is armed, as its panel said last.
         */
        QuickArmed: {
            account: string;
            is_armed: boolean;
            partitions: string[];
            since: number;
        };
        /**
         * QuickHours
         * @description The hours of today of an account there, or of a partition of it, by the clock of the place.
         */
        QuickHours: {
            account: string;
            is_open_time: boolean;
            partition: string | null;
            source: ("by_hand" | "calendar" | "shared" | "tonight") | null;
            spans: components["schemas"]["SpanItem"][];
        };
        /**
         * QuickIncident
         * @description Another open incident there.
         */
        QuickIncident: {
            /** @enum {unknown} */
            condition: "active" | "returned";
            id: string;
            meaning: string | null;
            number: number;
            opened_at: number;
            /** @enum {unknown} */
            priority: 1 | 2 | 3 | 4;
            type: string;
        };
        /**
         * QuickMissing
         * @description A path of an account there that is not heard.
         */
        QuickMissing: {
            account: string;
            /** @enum {unknown} */
            path: "alternative" | "only" | "primary";
            since: number;
        };
        /**
         * QuickOut
         * @description Zones of an account there that are out of service.
         */
        QuickOut: {
            account: string;
            id: string;
            live: ("collision" | "explosion" | "fire" | "flood_weather" | "hazmat" | "intrusion" | "medical" | "missing_person" | "rescue" | "robbery_holdup" | "technical" | "theft" | "trafficking_kidnap" | "utility" | "violence" | "welfare_check")[];
            /** @enum {unknown} */
            reason: "building_works" | "detector_fault" | "not_in_use" | "unwanted_alarms" | "waiting_for_parts";
            until: number;
            zones: string[];
        };
        /**
         * QuickPlace
         * @description The site of an incident. Without a site, only what is of the account.
         */
        QuickPlace: {
            accounts: string[];
            accounts_total: number;
            address: string | null;
            armed: components["schemas"]["QuickArmed"][];
            at: number;
            authority_ref: string | null;
            directions: string | null;
            has_phrases: boolean;
            has_wishes: boolean;
            hazard_details: string | null;
            hazards: ("asbestos" | "batteries" | "biological" | "compressed_gas" | "confined_space" | "corrosive" | "cryogenic" | "dust_explosion" | "explosives" | "flammable_gas" | "flammable_liquid" | "fragile_floor_or_roof" | "high_voltage" | "oxidiser" | "photovoltaic" | "radioactive" | "toxic" | "water_reactive")[];
            hours: components["schemas"]["QuickHours"][];
            keyholders: number;
            keyholders_due: number;
            missing: components["schemas"]["QuickMissing"][];
            name: string | null;
            no_call_first: boolean;
            others: components["schemas"]["QuickIncident"][];
            out_of_service: components["schemas"]["QuickOut"][];
            plans: number[];
            response: ("authority_at_once" | "authority_if_confirmed" | "guard_first" | "inform_only" | "keyholder_first") | null;
            site_id: string | null;
            tests: components["schemas"]["QuickTest"][];
            warnings: components["schemas"]["QuickWarning"][];
        };
        /**
         * QuickTest
         * @description Something there that is on test.
         */
        QuickTest: {
            account: string | null;
            by: string | null;
            id: string;
            live: ("collision" | "explosion" | "fire" | "flood_weather" | "hazmat" | "intrusion" | "medical" | "missing_person" | "rescue" | "robbery_holdup" | "technical" | "theft" | "trafficking_kidnap" | "utility" | "violence" | "welfare_check")[];
            partition: string | null;
            until: number;
            zones: string[];
        };
        /**
         * QuickWarning
         * @description What crews who are sent there are warned of.
         */
        QuickWarning: {
            /** @enum {unknown} */
            danger: "crew_attacked" | "dog" | "needles" | "weapons_stored";
            ends_at: number;
        };
        /**
         * ReachBody
         * @description Say when one may be notified.
         */
        ReachBody: {
            /** @enum {unknown} */
            kind: "from_home" | "on_shift";
            /** @default null */
            not_now_until?: number | null;
            /** @default null */
            on_duty_until?: number | null;
        };
        /**
         * ReachItem
         * @description When one may be notified.
         */
        ReachItem: {
            is_reachable: boolean;
            /** @enum {unknown} */
            kind: "from_home" | "on_shift";
            not_now_until: number | null;
            on_duty_until: number | null;
            reason: string | null;
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
         * ReadMessage
         * @description What would be kept of one message.
         */
        ReadMessage: {
            cid: string | null;
            device: string | null;
            device_time: number | null;
            has_id: boolean;
            has_text: boolean;
            is_known_device: boolean;
            state: string;
            type: string | null;
            values: string[];
            words: string;
        };
        /**
         * RecoveryAnswer
         * @description Recovery codes, shown this once. Each lets somebody in once, in place of a code of the authenticator.
         */
        RecoveryAnswer: {
            codes: string[];
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
         * RefusedByRule
         * @description What one rule refused of a source.
         */
        RefusedByRule: {
            count: number;
            first_day: number;
            last_day: number;
            rule: string;
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
            transport: "http" | "mqtt" | "smtp" | "tcp" | "tls" | "udp";
        };
        /**
         * ReleaseBody
         * @description Body of a release.
         */
        ReleaseBody: {
            version: number;
        };
        /**
         * ReleasedAnswer
         * @description What was let go.
         */
        ReleasedAnswer: {
            released: number;
        };
        /**
         * ReleaseWaitingBody
         * @description What waits, let go: exactly as the second person agreed to it.
         */
        ReleaseWaitingBody: {
            approval: string;
            count: number;
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
         * ReportItem
         * @description What one person reported.
         */
        ReportItem: {
            at: number;
            by: string | null;
            call: string | null;
            device_time: number | null;
            is_first: boolean;
            is_handed_over: boolean;
            /** @enum {unknown} */
            place: "site" | "told" | "unclear";
            seq: number;
            site: string | null;
            site_id: string | null;
            type: string;
            waited_s: number | null;
            /** @enum {unknown} */
            way: "call" | "check_in" | "duty";
            words: components["schemas"]["CallWords"] | null;
        };
        /**
         * ReportsAnswer
         * @description What people reported of an incident, the oldest first.
         */
        ReportsAnswer: {
            items: components["schemas"]["ReportItem"][];
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
         * RetentionAnswer
         * @description All classes, in the order in which people read them.
         */
        RetentionAnswer: {
            clock_doubted: boolean;
            /** @enum {unknown} */
            incident_reason: "contract" | "insurer" | "law" | "none" | "regulator";
            incident_reason_words: string;
            items: components["schemas"]["RetentionItem"][];
        };
        /**
         * RetentionItem
         * @description One class: how long, why, and what is of it.
         */
        RetentionItem: {
            fields: string[];
            hours: number | null;
            hours_default: number | null;
            hours_max: number | null;
            kept: string;
            /** @enum {unknown} */
            name: "configuration" | "incident" | "intake" | "intake_or_panel" | "journal" | "keyholder" | "memory" | "missing" | "position" | "ring" | "still" | "user" | "warning" | "watch" | "wishes";
            reason: string;
        };
        /**
         * RingItem
         * @description A call that the telephone system told of. No number is in it.
         */
        RingItem: {
            answered_at: number | null;
            begun_at: number;
            call: string | null;
            desk: string | null;
            dialled: string | null;
            ended_at: number | null;
            exact: string | null;
            extension: string | null;
            has_number: boolean;
            held_by: string | null;
            id: string;
            incident: string | null;
            is_lost: boolean;
            is_mine: boolean;
            known_as: string | null;
            linked: components["schemas"]["LinkedRing"] | null;
            locations: number;
            returned_at: number | null;
            returned_by: string | null;
            ringing_at: number | null;
            site: string | null;
            site_id: string | null;
            sounds: boolean;
            /** @enum {unknown} */
            state: "answered" | "missed" | "over" | "returned" | "ringing";
            version: number;
        };
        /**
         * RingLocationsAnswer
         * @description Positions of a caller, in the order in which they came. That they were read is in the journal.
         */
        RingLocationsAnswer: {
            items: components["schemas"]["Located"][];
        };
        /**
         * RingNumberAnswer
         * @description Whom to call back. That it was read is in the journal.
         */
        RingNumberAnswer: {
            telephone: string | null;
        };
        /**
         * RingReceipt
         * @description Proof that what was told of a call is durable.
         */
        RingReceipt: {
            id: string;
            is_repeat: boolean;
            /** @enum {unknown} */
            state: "answered" | "missed" | "over" | "returned" | "ringing";
        };
        /**
         * RingReturnBody
         * @description Somebody has called back; or has not, where that was a mistake.
         */
        RingReturnBody: {
            is_done: boolean;
        };
        /**
         * RingsAnswer
         * @description Calls that ring, are talked in or wait to be called back, and those that ended lately; the oldest first.
         */
        RingsAnswer: {
            /** @enum {unknown} */
            dialling: "no_extension" | "off" | "ready";
            dials: components["schemas"]["DialItem"][];
            in_call_until: number | null;
            items: components["schemas"]["RingItem"][];
        };
        /**
         * RoleItem
         * @description A role, in words.
         */
        RoleItem: {
            leaves_out: string;
            permissions: string[];
            /** @enum {unknown} */
            role: "administrator" | "auditor" | "installer" | "integrator" | "operator" | "responder" | "site_contact" | "supervisor";
            words: string;
        };
        /**
         * RolesAnswer
         * @description Who may what, whole.
         */
        RolesAnswer: {
            acts: components["schemas"]["ActItem"][];
            permissions: components["schemas"]["PermissionItem"][];
            roles: components["schemas"]["RoleItem"][];
            scopes: components["schemas"]["ScopeItem"][];
        };
        /**
         * RosterBody
         * @description A roster as it is to be. Its exceptions stay.
         */
        RosterBody: {
            label: string;
            layers: components["schemas"]["LayerItem"][];
            /** @default null */
            version?: number | null;
            zone: string;
        };
        /**
         * RosterItem
         * @description A roster, and who is on call.
         */
        RosterItem: {
            gaps: components["schemas"]["GapItem"][];
            id: string;
            label: string;
            layers: components["schemas"]["LayerItem"][];
            next: string | null;
            next_at: number | null;
            now: string | null;
            overrides: components["schemas"]["OverrideItem"][];
            version: number;
            zone: string;
        };
        /**
         * RostersAnswer
         * @description All rosters, in the order in which they were made.
         */
        RostersAnswer: {
            at: number;
            items: components["schemas"]["RosterItem"][];
        };
        /**
         * RulesBody
         * @description By which channels one is told, and how soon. An empty list: by the ladder of the centre.
         */
        RulesBody: {
            normal: components["schemas"]["ChannelTimeBody"][];
            urgent: components["schemas"]["ChannelTimeBody"][];
        };
        /**
         * RulesVersionItem
         * @description One version of them.
         */
        RulesVersionItem: {
            at: number;
            by: string | null;
            changed: components["schemas"]["ParameterValue"][];
            version: number;
        };
        /**
         * ScheduleBody
         * @description A schedule, whole.
         */
        ScheduleBody: {
            /** @default null */
            close_late_min?: number | null;
            /** @default [] */
            days?: components["schemas"]["DateHours"][];
            /** @default 30 */
            early_min?: number;
            /** @default null */
            holidays?: string | null;
            /** @default null */
            open_late_min?: number | null;
            /** @default null */
            partition?: string | null;
            /** @default null */
            test_h?: number | null;
            version: number;
            /** @default [] */
            week?: components["schemas"]["WeekdayHours"][];
            zone: string;
        };
        /**
         * ScheduleItem
         * @description One schedule.
         */
        ScheduleItem: {
            account: string;
            account_id: string;
            account_name: string | null;
            changed_at: number;
            changed_by: string | null;
            close_late_min: number | null;
            days: components["schemas"]["DateHours"][];
            due_at: number | null;
            early_min: number;
            holidays: string | null;
            id: string;
            is_open_time: boolean;
            next: components["schemas"]["SpanItem"][];
            open_late_min: number | null;
            partition: string | null;
            partition_name: string | null;
            test_h: number | null;
            version: number;
            week: components["schemas"]["WeekdayHours"][];
            zone: string;
        };
        /**
         * SchedulesAnswer
         * @description Schedules of an account, or of all accounts of a site.
         */
        SchedulesAnswer: {
            is_cut: boolean;
            items: components["schemas"]["ScheduleItem"][];
        };
        /**
         * ScopeItem
         * @description What a token of this scope may.
         */
        ScopeItem: {
            permissions: string[];
            /** @enum {unknown} */
            scope: "handle" | "intake" | "journal" | "read";
        };
        /**
         * ScopeSheet
         * @description The sheet.
         */
        ScopeSheet: {
            hash: string;
            key_copies: components["schemas"]["KeyCopies"];
            lines: components["schemas"]["SheetLine"][];
            origin: string;
            retention: {
                [key: string]: string;
            };
            seq: number;
            since: number;
            until: number;
            version: string;
        };
        /**
         * SecretAnswer
         * @description What a source signs with, shown this once.
         */
        SecretAnswer: {
            secret: string;
            version: number;
        };
        /**
         * SecretBody
         * @description A secret to be made for a source.
         */
        SecretBody: {
            version: number;
        };
        /**
         * SeenBody
         * @description The version that was looked at.
         */
        SeenBody: {
            version: number;
        };
        /**
         * SessionAnswer
         * @description Who is signed in here.
         */
        SessionAnswer: {
            centre: string;
            csrf: string;
            demo: boolean;
            device: boolean;
            expires_at: number;
            /** @enum {unknown} */
            how: "link" | "password" | "recovery" | "totp";
            id: string;
            is_secure: boolean;
            locked: boolean;
            now: number;
            permissions: string[];
            user: components["schemas"]["UserItem"];
            utc_offsets: components["schemas"]["UtcOffset"][];
            version: string;
        };
        /**
         * SessionListItem
         * @description An open session.
         */
        SessionListItem: {
            created_at: number;
            device: boolean;
            expires_at: number;
            /** @enum {unknown} */
            how: "link" | "password" | "recovery" | "totp";
            id: string;
            locked: boolean;
            own: boolean;
            used_at: number | null;
            user_id: string;
        };
        /**
         * SessionsAnswer
         * @description Open sessions, newest first.
         */
        SessionsAnswer: {
            items: components["schemas"]["SessionListItem"][];
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
         * SheetLine
         * @description One thing that a centre can be asked about.
         */
        SheetLine: {
            code: string;
            is_offered: boolean;
            meaning: string;
            months: {
                [key: string]: number;
            };
            title: string;
            total: number;
        };
        /**
         * ShelveBody
         * @description Body of a shelving: an open incident is put aside for a while.
         */
        ShelveBody: {
            /** @default 15 */
            minutes?: number;
            /** @enum {unknown} */
            reason: "comes_again" | "engineer_called" | "fault_known" | "weather" | "work_on_site";
            version: number;
        };
        /**
         * Shelved
         * @description Somebody put an incident aside for a while: open, listed and counted, and silent until then.
         */
        Shelved: {
            at: number;
            by: string | null;
            /** @enum {unknown} */
            reason: "comes_again" | "engineer_called" | "fault_known" | "weather" | "work_on_site";
            until: number;
        };
        /**
         * ShiftDetail
         * @description A shift with what goes with it.
         */
        ShiftDetail: {
            now: components["schemas"]["ListedItem"] | null;
            offered: components["schemas"]["ListedItem"] | null;
            shift: components["schemas"]["ShiftItem"];
            zones_out: components["schemas"]["ZonesOutItem"][];
        };
        /**
         * ShiftItem
         * @description Somebody on shift, or who was.
         */
        ShiftItem: {
            begun_at: number;
            desk: string;
            end_reason: ("by_hand" | "handed_over" | "taken_over") | null;
            ended_at: number | null;
            ended_by: string | null;
            from_shift: string | null;
            id: string;
            is_over_time: boolean;
            listed: components["schemas"]["ListedItem"] | null;
            offered_at: number | null;
            offered_to: string | null;
            to: string | null;
            until: number;
            user: string;
        };
        /**
         * ShiftsAnswer
         * @description The board: who is on, at which desk, for what.
         */
        ShiftsAnswer: {
            at: number;
            desks: components["schemas"]["DeskItem"][];
            ended: components["schemas"]["ShiftItem"][];
            from_home: components["schemas"]["FromHomeItem"][];
            length_s_max: number;
            mine: string | null;
            offered: string[];
            parts: components["schemas"]["QueuePartItem"][];
            unattended_s: number;
            uncovered: ("collision" | "explosion" | "fire" | "flood_weather" | "hazmat" | "intrusion" | "medical" | "missing_person" | "rescue" | "robbery_holdup" | "technical" | "theft" | "trafficking_kidnap" | "utility" | "violence" | "welfare_check")[];
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
            partition_name: string | null;
            reason: string;
            received_at: number;
            seq: number;
            /** @enum {unknown} */
            transport: "http" | "mqtt" | "smtp" | "tcp" | "tls" | "udp";
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
         * SignalReceipt
         * @description Proof that a signal is durable.
         */
        SignalReceipt: {
            duplicate_of: string | null;
            id: string;
            seq: number | null;
        };
        /**
         * SignalReceipts
         * @description One receipt a message, in their order.
         */
        SignalReceipts: {
            receipts: components["schemas"]["SignalReceipt"][];
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
            authority_ref?: string | null;
            /** @default [] */
            buildings?: components["schemas"]["BuildingItem"][];
            /** @default null */
            directions?: string | null;
            /** @default null */
            grade?: (1 | 2 | 3 | 4) | null;
            /** @default null */
            hazard_details?: string | null;
            /** @default [] */
            hazards?: ("asbestos" | "batteries" | "biological" | "compressed_gas" | "confined_space" | "corrosive" | "cryogenic" | "dust_explosion" | "explosives" | "flammable_gas" | "flammable_liquid" | "fragile_floor_or_roof" | "high_voltage" | "oxidiser" | "photovoltaic" | "radioactive" | "toxic" | "water_reactive")[];
            /** @default null */
            installer?: string | null;
            /** @default null */
            latitude?: number | null;
            /** @default null */
            longitude?: number | null;
            name: string;
            /** @default null */
            response?: ("authority_at_once" | "authority_if_confirmed" | "guard_first" | "inform_only" | "keyholder_first") | null;
        };
        /**
         * SiteChange
         * @description A site as it shall be, and the version that was looked at.
         */
        SiteChange: {
            /** @default null */
            address?: string | null;
            /** @default null */
            authority_ref?: string | null;
            /** @default [] */
            buildings?: components["schemas"]["BuildingItem"][];
            /** @default null */
            directions?: string | null;
            /** @default null */
            grade?: (1 | 2 | 3 | 4) | null;
            /** @default null */
            hazard_details?: string | null;
            /** @default [] */
            hazards?: ("asbestos" | "batteries" | "biological" | "compressed_gas" | "confined_space" | "corrosive" | "cryogenic" | "dust_explosion" | "explosives" | "flammable_gas" | "flammable_liquid" | "fragile_floor_or_roof" | "high_voltage" | "oxidiser" | "photovoltaic" | "radioactive" | "toxic" | "water_reactive")[];
            /** @default null */
            installer?: string | null;
            /** @default null */
            latitude?: number | null;
            /** @default null */
            longitude?: number | null;
            name: string;
            /** @default null */
            response?: ("authority_at_once" | "authority_if_confirmed" | "guard_first" | "inform_only" | "keyholder_first") | null;
            version: number;
        };
        /**
         * SiteItem
         * @description One site. `version` is what a change must name; a change of another person in between is refused with 409.
         */
        SiteItem: {
            accounts: number;
            address: string | null;
            authority_ref: string | null;
            buildings: components["schemas"]["BuildingItem"][];
            changed_at: number;
            changed_by: string | null;
            directions: string | null;
            grade: (1 | 2 | 3 | 4) | null;
            hazard_details: string | null;
            hazards: ("asbestos" | "batteries" | "biological" | "compressed_gas" | "confined_space" | "corrosive" | "cryogenic" | "dust_explosion" | "explosives" | "flammable_gas" | "flammable_liquid" | "fragile_floor_or_roof" | "high_voltage" | "oxidiser" | "photovoltaic" | "radioactive" | "toxic" | "water_reactive")[];
            id: string;
            installer: string | null;
            latitude: number | null;
            longitude: number | null;
            name: string | null;
            response: ("authority_at_once" | "authority_if_confirmed" | "guard_first" | "inform_only" | "keyholder_first") | null;
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
         * SitePlaceItem
         * @description What a site is called.
         */
        SitePlaceItem: {
            site: string | null;
            site_id: string;
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
         * SourceBody
         * @description A source as it is to be.
         */
        SourceBody: {
            account_id: string;
            /** @default null */
            mail?: components["schemas"]["MailBody"] | null;
            /** @default null */
            mapping?: components["schemas"]["MappingItem"] | null;
            /** @default null */
            mqtt?: components["schemas"]["MqttBody"] | null;
            /** @default null */
            pbx?: components["schemas"]["PbxBody"] | null;
            /** @default [] */
            tokens?: string[];
            /**
             * @default webhook
             * @enum {unknown}
             */
            way?: "aml" | "webhook";
        };
        /**
         * SourceChange
         * @description What a source is to be, and the version that was looked at.
         */
        SourceChange: {
            account_id: string;
            /** @default null */
            mail?: components["schemas"]["MailBody"] | null;
            /** @default null */
            mapping?: components["schemas"]["MappingItem"] | null;
            /** @default null */
            mqtt?: components["schemas"]["MqttBody"] | null;
            /** @default null */
            pbx?: components["schemas"]["PbxBody"] | null;
            /** @default [] */
            tokens?: string[];
            version: number;
            /**
             * @default webhook
             * @enum {unknown}
             */
            way?: "aml" | "webhook";
        };
        /**
         * SourceDetail
         * @description A source with the devices that were heard of it.
         */
        SourceDetail: {
            devices: components["schemas"]["SourceDevice"][];
            has_broker: boolean;
            mail: components["schemas"]["MailItem"] | null;
            source: components["schemas"]["SourceItem"];
            takes_mail: boolean;
        };
        /**
         * SourceDevice
         * @description A device that was heard among the newest signals of a source.
         */
        SourceDevice: {
            count: number;
            device: string | null;
            first_at: number;
            is_known: boolean;
            last_at: number;
            name: string | null;
        };
        /**
         * SourceItem
         * @description A source, and what came from it.
         */
        SourceItem: {
            account: string | null;
            account_id: string;
            changed_at: number;
            changed_by: string | null;
            id: string;
            is_best_effort: boolean;
            is_signed: boolean;
            is_silent: boolean;
            last_at: number | null;
            mapping: components["schemas"]["MappingItem"] | null;
            mqtt: components["schemas"]["MqttItem"] | null;
            name: string | null;
            pbx: components["schemas"]["PbxItem"] | null;
            pictures: number;
            received: number;
            refused: components["schemas"]["RefusedByRule"][];
            repeated: number;
            silence_s: number | null;
            site: string | null;
            site_id: string | null;
            stored: number;
            tokens: string[];
            unread: string[];
            version: number;
            /** @enum {unknown} */
            way: "aml" | "mail" | "mqtt" | "pbx" | "webhook";
        };
        /**
         * SourcesAnswer
         * @description Every way in.
         */
        SourcesAnswer: {
            broker: components["schemas"]["BrokerItem"] | null;
            items: components["schemas"]["SourceItem"][];
            panels: components["schemas"]["PanelsItem"];
            takes_mail: boolean;
            words: components["schemas"]["WordItem"][];
        };
        /**
         * SourceTestAnswer
         * @description What became of a test that was sent through a way in.
         */
        SourceTestAnswer: {
            id: string;
            outcome: string | null;
            stored_ms: number;
            words: string;
        };
        /**
         * SourceTokenAnswer
         * @description A token of a source, shown this once.
         */
        SourceTokenAnswer: {
            expires_at: number;
            id: string;
            secret: string;
            version: number;
        };
        /**
         * SourceTokenBody
         * @description A token to be made for a source.
         */
        SourceTokenBody: {
            /** @default 365 */
            days?: number;
            version: number;
        };
        /**
         * SpanItem
         * @description When it is open next, by the time of the world.
         */
        SpanItem: {
            closes_at: number;
            opens_at: number;
        };
        /**
         * SplitBody
         * @description Body of a split: these signals become an incident of their own.
         */
        SplitBody: {
            signals: number[];
            version: number;
        };
        /**
         * StandingItem
         * @description How near an incident is to the strength that its chain wants.
         */
        StandingItem: {
            asked: number;
            coming: number;
            is_reached: boolean;
            missing: components["schemas"]["NeedBody"][];
            wanted: number;
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
         * StepBody
         * @description What became of the step whose turn it is.
         */
        StepBody: {
            /** @default null */
            asked_at?: number | null;
            /** @default null */
            asks?: string[] | null;
            /** @default null */
            of?: string | null;
            /** @default null */
            reference?: string | null;
            result: string;
            step: string;
            /** @default null */
            telephone?: number | null;
        };
        /**
         * StillBox
         * @description What stays clear.
         */
        StillBox: {
            height: number;
            width: number;
            x: number;
            y: number;
        };
        /**
         * StillItem
         * @description A still of an incident. Its picture has an address of its own.
         */
        StillItem: {
            at: number;
            box: components["schemas"]["StillBox"] | null;
            by: string | null;
            erase_at: number;
            erased_at: number | null;
            height_px: number;
            id: string;
            merged_number: number | null;
            number: number;
            /** @enum {unknown} */
            source: "duty" | "mail";
            width_px: number;
        };
        /**
         * StillLiftAnswer
         * @description The mask is lifted, for who asked, on this sign-in.
         */
        StillLiftAnswer: {
            fetch_s: number;
            idle_s: number;
            limit_s: number;
            seq: number;
            word: string;
        };
        /**
         * StillLiftBody
         * @description Why the mask is lifted.
         */
        StillLiftBody: {
            /** @enum {unknown} */
            reason: "in_danger" | "way_in" | "where_is_it" | "which_door";
        };
        /**
         * StillMaskBody
         * @description Why the mask is back.
         */
        StillMaskBody: {
            /** @enum {unknown} */
            reason: "by_hand" | "idle" | "left" | "over";
            word: string;
        };
        /**
         * StillsAnswer
         * @description The stills of an incident, the oldest first.
         */
        StillsAnswer: {
            items: components["schemas"]["StillItem"][];
            left: number;
        };
        /**
         * StillSent
         * @description A picture is stored, masked.
         */
        StillSent: {
            left: number;
        };
        /**
         * StrengthBody
         * @description How many must be coming until the chain stops, and what of them can do.
         */
        StrengthBody: {
            coming: number;
            /** @default [] */
            needs?: components["schemas"]["NeedBody"][];
        };
        /**
         * SubjectRequestAnswer
         * @description The sealed file and what opens it. Both are handed out this once and kept nowhere.
         */
        SubjectRequestAnswer: {
            file: string;
            found: number;
            name: string;
            passphrase: string;
            reference: string;
        };
        /**
         * SubjectRequestBody
         * @description A subject request, exactly as the second person agreed to it.
         */
        SubjectRequestBody: {
            approval: string;
            contact: string;
            reference: string;
            /** @enum {unknown} */
            what: "name" | "telephone";
        };
        /**
         * SupervisionAnswer
         * @description The head of the board.
         */
        SupervisionAnswer: {
            at: number;
            categories: components["schemas"]["CategoryItem"][];
            common: components["schemas"]["CommonItem"][];
            downtime_s: number;
            is_grace: boolean;
            moved_s: number;
            on_test: number;
            out_of_service: number;
        };
        /**
         * SwitchBody
         * @description Whether plans may handle a type without an operator.
         */
        SwitchBody: {
            on: boolean;
            version: number;
        };
        /**
         * SwitchItem
         * @description A type that a plan may handle without an operator, and whether it is switched on.
         */
        SwitchItem: {
            changed_at: number | null;
            changed_by: string | null;
            on: boolean;
            plan: string;
            type: string;
            version: number;
        };
        /**
         * TakeOutBody
         * @description Take zones of an account out of service.
         */
        TakeOutBody: {
            /** @default [] */
            not_live?: ("collision" | "explosion" | "fire" | "flood_weather" | "hazmat" | "intrusion" | "medical" | "missing_person" | "rescue" | "robbery_holdup" | "technical" | "theft" | "trafficking_kidnap" | "utility" | "violence" | "welfare_check")[];
            /** @enum {unknown} */
            reason: "building_works" | "detector_fault" | "not_in_use" | "unwanted_alarms" | "waiting_for_parts";
            until: number;
            zones: string[];
        };
        /**
         * TakeShiftBody
         * @description Accept a shift or take it over, and be on shift until a planned end.
         */
        TakeShiftBody: {
            until: number;
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
         * TimerCount
         * @description How many timers of a kind run.
         */
        TimerCount: {
            count: number;
            kind: string;
        };
        /**
         * TimeToClaim
         * @description The time to claim, by the chosen profile. Classes that it says nothing about are left out.
         */
        TimeToClaim: {
            is_confirmed: boolean;
            limits: components["schemas"]["ClaimLimit"][];
            profile: string;
            title: string;
            trouble: string | null;
        };
        /**
         * TokenAnswer
         * @description A token, shown this once.
         */
        TokenAnswer: {
            expires_at: number;
            id: string;
            secret: string;
        };
        /**
         * TokenBody
         * @description Body of a new token.
         */
        TokenBody: {
            /** @default 90 */
            days?: number;
            scopes: ("handle" | "intake" | "journal" | "read")[];
        };
        /**
         * TokenListItem
         * @description A token without its secret.
         */
        TokenListItem: {
            created_at: number;
            expires_at: number;
            id: string;
            scopes: ("handle" | "intake" | "journal" | "read")[];
            /** @enum {unknown} */
            state: "alive" | "expired" | "revoked";
            used_at: number | null;
        };
        /**
         * TokensAnswer
         * @description Tokens, newest first; those that ended stay listed for 30 days.
         */
        TokensAnswer: {
            items: components["schemas"]["TokenListItem"][];
        };
        /**
         * ToldBody
         * @description What a program or a device tells of a notice.
         */
        ToldBody: {
            /** @enum {unknown} */
            state: "arrived" | "cannot" | "coming" | "delivered" | "seen";
        };
        /**
         * TonightBody
         * @description When it closes today, for this one day.
         */
        TonightBody: {
            closes_at: number;
            version: number;
        };
        /**
         * TotpAnswer
         * @description A secret for an authenticator, shown this once.
         */
        TotpAnswer: {
            expires_at: number;
            picture: string[];
            secret: string;
            uri: string;
        };
        /**
         * TotpCodeBody
         * @description The first code of an authenticator.
         */
        TotpCodeBody: {
            code: string;
        };
        /**
         * Trial
         * @description What a chain would have done.
         */
        Trial: {
            fitting: number;
            in_time: number;
            incidents: components["schemas"]["TrialIncident"][];
            is_cut: boolean;
            looked: number;
            nobody: number;
            since: number;
            told: number;
            until: number;
        };
        /**
         * TrialIncident
         * @description An incident that the chain would have been for.
         */
        TrialIncident: {
            id: string;
            is_nobody: boolean;
            number: number;
            opened_at: number;
            /** @enum {unknown} */
            priority: 1 | 2 | 3 | 4;
            site_id: string | null;
            steps: components["schemas"]["TrialStep"][];
            type: string;
            waited_s: number | null;
        };
        /**
         * TrialStep
         * @description A step that would have been taken.
         */
        TrialStep: {
            after_s: number;
            desks: number;
            off_hours: boolean;
            recipients: components["schemas"]["TrialTold"][];
            refused: number;
            step: number;
            /** @enum {unknown} */
            tell: "again" | "everyone" | "notify" | "second_desk" | "supervisor" | "telephone" | "webhook";
            told: number;
            vacant: number;
        };
        /**
         * TrialTold
         * @description Somebody whom a step would have told.
         */
        TrialTold: {
            channels: ("email" | "push" | "sms" | "voice" | "webhook")[];
            user: string;
        };
        /**
         * TriedAnswer
         * @description What other parameters would have made of the signals of the last days. Nothing was changed.
         */
        TriedAnswer: {
            classes: components["schemas"]["TriedClass"][];
            differing: number;
            is_untold: boolean;
            named: components["schemas"]["TriedSignal"][];
            otherwise: number;
            signals: number;
            since: number;
            until: number;
        };
        /**
         * TriedClass
         * @description What became of the signals of a hazard class; by the parameters that are, and by those that are tried.
         */
        TriedClass: {
            filed: number;
            folded: number;
            hazard: ("collision" | "explosion" | "fire" | "flood_weather" | "hazmat" | "intrusion" | "medical" | "missing_person" | "rescue" | "robbery_holdup" | "technical" | "theft" | "trafficking_kidnap" | "utility" | "violence" | "welfare_check") | null;
            joined: number;
            opened: number;
            words: string;
            would_file: number;
            would_fold: number;
            would_join: number;
            would_open: number;
        };
        /**
         * TriedEnd
         * @description Where a signal ends.
         */
        TriedEnd: {
            incident_id: string | null;
            incident_number: number | null;
            /** @enum {unknown} */
            outcome: "filed" | "folded" | "joined" | "opened";
        };
        /**
         * TriedItem
         * @description One signal that came of the test.
         */
        TriedItem: {
            account: string;
            at: number;
            code: string | null;
            is_understood: boolean;
            zone: string | null;
            zone_name: string | null;
        };
        /**
         * TriedSignal
         * @description A signal that would end elsewhere.
         */
        TriedSignal: {
            account: string;
            at: number;
            code: string | null;
            signal: string;
            was: components["schemas"]["TriedEnd"];
            words: string;
            would: components["schemas"]["TriedEnd"];
            zone: string | null;
        };
        /**
         * TryBody
         * @description All that would be other than it ships, and how many days back.
         */
        TryBody: {
            changed: components["schemas"]["ParameterValue"][];
            /** @default 30 */
            days?: number;
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
         * UndoBody
         * @description Body of an undone merge or split.
         */
        UndoBody: {
            version: number;
        };
        /**
         * UndoneStep
         * @description A mandatory step without which an incident is not closed.
         */
        UndoneStep: {
            id: string;
            words: string;
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
            transport: "http" | "mqtt" | "smtp" | "tcp" | "tls" | "udp";
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
         * UnlockBody
         * @description What unlocks a desk: PIN or password.
         */
        UnlockBody: {
            secret: string;
        };
        /**
         * UnsealedBody
         * @description An unsealed export, exactly as the second person agreed to it: of an incident, or of an account and some days.
         */
        UnsealedBody: {
            /** @default null */
            account_id?: string | null;
            approval: string;
            /**
             * @default jsonl
             * @enum {unknown}
             */
            form?: "csv" | "jsonl";
            /** @default null */
            incident?: string | null;
            /** @enum {unknown} */
            reason: "accident_inquiry" | "complaint" | "court_order" | "data_subject" | "fault_finding" | "police_request";
            /** @default null */
            since?: number | null;
            /** @default null */
            until?: number | null;
        };
        /**
         * UnshelveBody
         * @description Body of taking a shelved incident back before its time.
         */
        UnshelveBody: {
            version: number;
        };
        /**
         * UserBody
         * @description Body of a new user.
         */
        UserBody: {
            name: string;
            roles: ("administrator" | "auditor" | "installer" | "integrator" | "operator" | "responder" | "site_contact" | "supervisor")[];
        };
        /**
         * UserDetail
         * @description A user, as administrators see one.
         */
        UserDetail: {
            credentials: components["schemas"]["CredentialsItem"];
            own: string[];
            sessions: components["schemas"]["SessionListItem"][];
            user: components["schemas"]["UserItem"];
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
         * UserPatch
         * @description What becomes different about a user; what is left out stays.
         */
        UserPatch: {
            /** @default null */
            name?: string | null;
            /** @default null */
            roles?: ("administrator" | "auditor" | "installer" | "integrator" | "operator" | "responder" | "site_contact" | "supervisor")[] | null;
        };
        /**
         * UsersAnswer
         * @description Answer of `/users`, in the order in which they were made.
         */
        UsersAnswer: {
            items: components["schemas"]["UserItem"][];
        };
        /**
         * UtcOffset
         * @description From when on the centre's clock faces are so many minutes from UTC.
         */
        UtcOffset: {
            minutes: number;
            since: number;
        };
        /**
         * Violence
         * @description Violence under way or threatened: where, what danger now, and where it is safe. Nobody's name, no reason.
         */
        Violence: {
            /**
             * @default unknown
             * @enum {unknown}
             */
            danger_now?: "no" | "unknown" | "yes";
            /**
             * @default unknown
             * @enum {unknown}
             */
            hurt?: "no" | "unknown" | "yes";
            /** @default null */
            place_now?: string | null;
            /** @default null */
            safe_place?: string | null;
            /**
             * @default unknown
             * @enum {unknown}
             */
            safe_to_speak?: "no" | "unknown" | "yes";
            /**
             * @default unknown
             * @enum {unknown}
             */
            weapon?: "blade" | "firearm" | "none_seen" | "something_else" | "unknown";
        };
        /**
         * WaitingAnswer
         * @description A page of the incidents whose texts fell due after the backup that was restored, the oldest incident first.
         */
        WaitingAnswer: {
            erasing: number;
            items: components["schemas"]["WaitingItem"][];
            next: string | null;
            total: number;
        };
        /**
         * WaitingItem
         * @description An incident whose texts wait after a restore. Nobody is shown them.
         */
        WaitingItem: {
            closed_at: number | null;
            incident: string;
            number: number;
            until: number;
        };
        /**
         * WaiveBody
         * @description Leave the step undone whose turn it is; with `all_undone` every mandatory one that lies ahead.
         */
        WaiveBody: {
            /** @default false */
            all_undone?: boolean;
            /** @enum {unknown} */
            reason: "done_elsewhere" | "not_needed" | "not_possible" | "other_first" | "unsafe";
            step: string;
        };
        /**
         * WatchedItem
         * @description One account.
         */
        WatchedItem: {
            account: string;
            account_id: string;
            category: string | null;
            incident: string | null;
            incident_number: number | null;
            interval_s: number | null;
            is_learnt: boolean;
            is_moved: boolean;
            is_tight: boolean;
            on_test_until: number | null;
            paths: components["schemas"]["PathItem"][];
            since: number | null;
            site: string | null;
            site_id: string | null;
            /** @enum {unknown} */
            state: "all_paths_lost" | "grace" | "late" | "learning" | "missing" | "never_heard" | "off" | "on_time" | "one_path_lost" | "second_never_heard";
        };
        /**
         * WatchedPage
         * @description A page of accounts, the gravest state first, then who is silent longest.
         */
        WatchedPage: {
            at: number;
            items: components["schemas"]["WatchedItem"][];
            next: string | null;
            total: number;
        };
        /**
         * WatchLineBody
         * @description Body of a line that somebody writes.
         */
        WatchLineBody: {
            /** @default null */
            corrects?: number | null;
            text: string;
        };
        /**
         * WatchLineItem
         * @description A line of the watch log.
         */
        WatchLineItem: {
            about: string | null;
            actor: string | null;
            at: number;
            corrects: number | null;
            kind: string;
            ref: string | null;
            seq: number;
            text: string | null;
            words: string;
        };
        /**
         * WatchLogPage
         * @description Lines, newest first.
         */
        WatchLogPage: {
            items: components["schemas"]["WatchLineItem"][];
            next: number | null;
        };
        /**
         * WatchWritten
         * @description A line was written.
         */
        WatchWritten: {
            seq: number;
        };
        /**
         * WeekBody
         * @description The own week: when "not now" holds by itself.
         */
        WeekBody: {
            weekly: components["schemas"]["WeeklyBody"][];
            zone: string;
        };
        /**
         * WeekdayHours
         * @description The same of a weekday.
         */
        WeekdayHours: {
            closes_min: number;
            opens_min: number;
            weekday: number;
        };
        /**
         * WeeklyBody
         * @description A span of each week.
         */
        WeeklyBody: {
            from_min: number;
            to_min: number;
            weekday: number;
        };
        /**
         * WhomBody
         * @description Whom a notify step tells.
         */
        WhomBody: {
            /** @default [] */
            channels?: ("email" | "push" | "sms" | "voice" | "webhook")[];
            /** @default [] */
            desks?: string[];
            /** @default [] */
            groups?: string[];
            /** @default [] */
            own?: ("installer" | "site_contact")[];
            /** @default [] */
            roles?: ("administrator" | "auditor" | "installer" | "integrator" | "operator" | "responder" | "site_contact" | "supervisor")[];
            /** @default [] */
            rosters?: string[];
            /** @default [] */
            users?: string[];
        };
        /**
         * WishesAnswer
         * @description A resident's wishes, in an open incident of that home. `is_set` false: there are none.
         */
        WishesAnswer: {
            consented_at: number | null;
            is_set: boolean;
            key_safe: string | null;
            review_at: number | null;
            wishes: ("assistance_dog" | "bed_upstairs" | "call_by_telephone_first" | "hard_of_hearing" | "hard_of_seeing" | "oxygen_in_the_home" | "ring_and_wait" | "use_the_key_safe" | "walking_aid" | "wheelchair")[];
            words: string | null;
        };
        /**
         * WishesBody
         * @description A resident's wishes, whole, as the resident agreed to them.
         */
        WishesBody: {
            consented_at: number;
            /** @default null */
            key_safe?: string | null;
            review_at: number;
            /** @default 0 */
            version?: number;
            /** @default [] */
            wishes?: ("assistance_dog" | "bed_upstairs" | "call_by_telephone_first" | "hard_of_hearing" | "hard_of_seeing" | "oxygen_in_the_home" | "ring_and_wait" | "use_the_key_safe" | "walking_aid" | "wheelchair")[];
            /** @default null */
            words?: string | null;
        };
        /**
         * WishesState
         * @description Whether there is a note of a resident's wishes. What is in it is shown in an open incident of that home alone.
         */
        WishesState: {
            consented_at: number | null;
            is_due: boolean;
            is_set: boolean;
            review_at: number | null;
            version: number;
        };
        /**
         * WordItem
         * @description A word that a machine may say.
         */
        WordItem: {
            cid: string;
            meaning: string;
            type: string | null;
            word: string;
        };
        /**
         * ZoneItem
         * @description A zone of an account.
         */
        ZoneItem: {
            /** @default null */
            detector?: ("beam" | "call_point" | "carbon_monoxide" | "contact" | "flame" | "gas" | "glass_break" | "heat" | "hold_up_button" | "motion" | "plant_contact" | "smoke" | "smoke_and_heat" | "sprinkler_flow" | "vibration" | "water") | null;
            name: string | null;
            number: string;
            /** @default null */
            partition?: string | null;
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
        /**
         * ZonesOutAnswer
         * @description What is put back first comes first; then what was put back within the last day, the latest first.
         */
        ZonesOutAnswer: {
            at: number;
            default_s: number;
            ended: components["schemas"]["ZonesOutItem"][];
            items: components["schemas"]["ZonesOutItem"][];
            length_s_max: number;
            stay_live: ("collision" | "explosion" | "fire" | "flood_weather" | "hazmat" | "intrusion" | "medical" | "missing_person" | "rescue" | "robbery_holdup" | "technical" | "theft" | "trafficking_kidnap" | "utility" | "violence" | "welfare_check")[];
        };
        /**
         * ZonesOutItem
         * @description Zones of one account that are out of service, or were.
         */
        ZonesOutItem: {
            account: string | null;
            account_id: string;
            account_name: string | null;
            end_reason: ("account_removed" | "by_hand" | "due") | null;
            ended_at: number | null;
            ended_by: string | null;
            extended: number;
            id: string;
            incidents: components["schemas"]["OutIncident"][];
            live: ("collision" | "explosion" | "fire" | "flood_weather" | "hazmat" | "intrusion" | "medical" | "missing_person" | "rescue" | "robbery_holdup" | "technical" | "theft" | "trafficking_kidnap" | "utility" | "violence" | "welfare_check")[];
            marks: ("again" | "long")[];
            /** @enum {unknown} */
            reason: "building_works" | "detector_fault" | "not_in_use" | "unwanted_alarms" | "waiting_for_parts";
            site: string | null;
            site_id: string | null;
            taken_at: number;
            taken_by: string | null;
            until: number;
            zones: components["schemas"]["OutZone"][];
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
    read_key_links: {
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
                    "application/json": components["schemas"]["KeyLinksAnswer"];
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
    give_key_link: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of an account */
                account_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["GiveKeyLinkBody"];
            };
        };
        responses: {
            /** @description Document created, URL follows */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KeyLinkMade"];
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
    read_out_of_account: {
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
                    "application/json": components["schemas"]["ZonesOutAnswer"];
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
    take_out: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of an account */
                account_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TakeOutBody"];
            };
        };
        responses: {
            /** @description Document created, URL follows */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ZonesOutItem"];
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
    read_schedules: {
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
                    "application/json": components["schemas"]["SchedulesAnswer"];
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
    set_schedule: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of an account */
                account_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ScheduleBody"];
            };
        };
        responses: {
            /** @description Request fulfilled, document follows */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ScheduleItem"];
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
    read_sheet: {
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
                    "application/pdf": string;
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
    read_account_history: {
        parameters: {
            query?: {
                before?: number | null;
                limit?: number;
                /** @description Only this; all of it without */
                what?: "incidents" | "tests" | "openings" | "edits" | null;
            };
            header?: never;
            path: {
                /** @description Id of a site or an account */
                place_id: string;
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
                    "application/json": components["schemas"]["HistoryAnswer"];
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
    read_action_plans: {
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
                    "application/json": components["schemas"]["ActionPlansAnswer"];
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
    make_action_plan: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ActionPlanBody"];
            };
        };
        responses: {
            /** @description Document created, URL follows */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ActionPlanItem"];
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
    read_action_plan: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of an action plan, or its name */
                plan_id: string;
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
                    "application/json": components["schemas"]["ActionPlanItem"];
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
    change_action_plan: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of an action plan, or its name */
                plan_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ActionPlanChange"];
            };
        };
        responses: {
            /** @description Request fulfilled, document follows */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ActionPlanItem"];
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
    remove_action_plan: {
        parameters: {
            query: {
                /** @description The version that was looked at */
                version: number;
            };
            header?: never;
            path: {
                /** @description Id of an action plan, or its name */
                plan_id: string;
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
    read_action_plan_versions: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of an action plan, or its name */
                plan_id: string;
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
                    "application/json": components["schemas"]["PlanVersionsAnswer"];
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
    read_action_plan_version: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of an action plan, or its name */
                plan_id: string;
                /** @description A version of it */
                version_id: string;
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
                    "application/json": components["schemas"]["ActionPlanItem"];
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
    check_action_plan: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ActionPlanBody"];
            };
        };
        responses: {
            /** @description Request fulfilled, document follows */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PlanCheckAnswer"];
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
    dry_run_action_plan: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PlanDryBody"];
            };
        };
        responses: {
            /** @description Request fulfilled, document follows */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PlanDryAnswer"];
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
    switch_action_plan: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description An incident type */
                type_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SwitchBody"];
            };
        };
        responses: {
            /** @description Request fulfilled, document follows */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SwitchItem"];
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
    read_approvals: {
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
                    "application/json": components["schemas"]["ApprovalsAnswer"];
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
    ask_approval: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ApprovalBody"];
            };
        };
        responses: {
            /** @description Document created, URL follows */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApprovalItem"];
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
    read_approval: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of an approval */
                approval_id: string;
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
                    "application/json": components["schemas"]["ApprovalItem"];
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
    answer_approval: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of an approval */
                approval_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AnswerBody"];
            };
        };
        responses: {
            /** @description Request fulfilled, document follows */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApprovalItem"];
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
    answer_approval_here: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of an approval */
                approval_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AnswerHereBody"];
            };
        };
        responses: {
            /** @description Request fulfilled, document follows */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApprovalItem"];
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
    read_contact: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of an approval */
                approval_id: string;
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
                    "application/json": components["schemas"]["ContactAnswer"];
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
    read_calls: {
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
                    "application/json": components["schemas"]["CallFormsAnswer"];
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
    begin_call: {
        parameters: {
            query?: never;
            header: {
                /** @description The sender's own id of this command. The same command again gets the same answer for 30 days. */
                "Idempotency-Key": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CallDraftBody"];
            };
        };
        responses: {
            /** @description Document created, URL follows */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CallFormItem"];
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
    read_call: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of a call */
                call_id: string;
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
                    "application/json": components["schemas"]["CallFormAnswer"];
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
    save_call: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of a call */
                call_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CallSaveBody"];
            };
        };
        responses: {
            /** @description Request fulfilled, document follows */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CallFormItem"];
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
    abandon_call: {
        parameters: {
            query?: never;
            header: {
                /** @description The sender's own id of this command. The same command again gets the same answer for 30 days. */
                "Idempotency-Key": string;
            };
            path: {
                /** @description Id of a call */
                call_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CallAbandonBody"];
            };
        };
        responses: {
            /** @description Request fulfilled, document follows */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CallFormItem"];
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
    join_call: {
        parameters: {
            query?: never;
            header: {
                /** @description The sender's own id of this command. The same command again gets the same answer for 30 days. */
                "Idempotency-Key": string;
            };
            path: {
                /** @description Id of a call */
                call_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CallJoinBody"];
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
    open_of_call: {
        parameters: {
            query?: never;
            header: {
                /** @description The sender's own id of this command. The same command again gets the same answer for 30 days. */
                "Idempotency-Key": string;
            };
            path: {
                /** @description Id of a call */
                call_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CallOpenBody"];
            };
        };
        responses: {
            /** @description Document created, URL follows */
            201: {
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
    take_call_over: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of a call */
                call_id: string;
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
                    "application/json": components["schemas"]["CallFormItem"];
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
    read_chains: {
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
                    "application/json": components["schemas"]["ChainsAnswer"];
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
    make_chain: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChainBody"];
            };
        };
        responses: {
            /** @description Document created, URL follows */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChainItem"];
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
    read_chain: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of a chain */
                chain_id: string;
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
                    "application/json": components["schemas"]["ChainItem"];
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
    change_chain: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of a chain */
                chain_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChainChange"];
            };
        };
        responses: {
            /** @description Request fulfilled, document follows */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChainItem"];
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
    remove_chain: {
        parameters: {
            query: {
                /** @description The version that was looked at */
                version: number;
            };
            header?: never;
            path: {
                /** @description Id of a chain */
                chain_id: string;
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
    check_chain: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChainBody"];
            };
        };
        responses: {
            /** @description Request fulfilled, document follows */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CheckAnswer"];
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
    dry_run: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DryRunBody"];
            };
        };
        responses: {
            /** @description Request fulfilled, document follows */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DryRunAnswer"];
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
    last_days: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LastDaysBody"];
            };
        };
        responses: {
            /** @description Request fulfilled, document follows */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Trial"];
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
    add_desk: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DeskBody"];
            };
        };
        responses: {
            /** @description Document created, URL follows */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeskItem"];
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
    change_desk: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of a desk */
                desk_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DeskBody"];
            };
        };
        responses: {
            /** @description Request fulfilled, document follows */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeskItem"];
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
    remove_desk: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of a desk */
                desk_id: string;
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
    read_duty: {
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
                    "application/json": components["schemas"]["DutyForm"];
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
    read_card: {
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
                    "application/pdf": string;
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
    read_check_in: {
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
                    "application/json": components["schemas"]["CheckInAnswer"];
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
    begin_check_in: {
        parameters: {
            query?: never;
            header: {
                /** @description The sender's own id of this command. The same command again gets the same answer for 30 days. */
                "Idempotency-Key": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CheckInBody"];
            };
        };
        responses: {
            /** @description Document created, URL follows */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CheckInAnswer"];
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
    end_check_in: {
        parameters: {
            query?: never;
            header: {
                /** @description The sender's own id of this command. The same command again gets the same answer for 30 days. */
                "Idempotency-Key": string;
            };
            path: {
                /** @description Id of a check-in */
                check_in_id: string;
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
                    "application/json": components["schemas"]["CheckInAnswer"];
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
    go_on: {
        parameters: {
            query?: never;
            header: {
                /** @description The sender's own id of this command. The same command again gets the same answer for 30 days. */
                "Idempotency-Key": string;
            };
            path: {
                /** @description Id of a check-in */
                check_in_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CheckInGoesOnBody"];
            };
        };
        responses: {
            /** @description Request fulfilled, document follows */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CheckInAnswer"];
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
    read_duty_places: {
        parameters: {
            query: {
                /** @description How a word of the name begins */
                name: string;
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
                    "application/json": components["schemas"]["DutyPlaces"];
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
    read_coded_place: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description What the code says */
                place_code: string;
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
                    "application/json": components["schemas"]["CodedPlaceItem"];
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
    read_receipts: {
        parameters: {
            query: {
                /** @description The phone's own ids */
                report: string[];
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
                    "application/json": components["schemas"]["DutyReceipts"];
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
    send_report: {
        parameters: {
            query?: never;
            header: {
                /** @description The sender's own id of this command. The same command again gets the same answer for 30 days. */
                "Idempotency-Key": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DutyReportBody"];
            };
        };
        responses: {
            /** @description Document created, URL follows */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DutyReceipt"];
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
    send_still: {
        parameters: {
            query: {
                /** @description Of the box, in parts of a thousand of the picture */
                height: number;
                /** @description Of the box, in parts of a thousand of the picture */
                width: number;
                /** @description Of the box, in parts of a thousand of the picture */
                x: number;
                /** @description Of the box, in parts of a thousand of the picture */
                y: number;
            };
            header: {
                /** @description The sender's own id of this command. The same command again gets the same answer for 30 days. */
                "Idempotency-Key": string;
            };
            path: {
                /** @description The phone's own id of a report */
                report_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "image/jpeg": string;
                "image/png": string;
            };
        };
        responses: {
            /** @description Request fulfilled, document follows */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StillSent"];
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
    read_sheets: {
        parameters: {
            query: {
                /** @description Sites */
                site_id: string[];
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
                    "application/pdf": string;
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
    export_action_plans: {
        parameters: {
            query?: {
                /** @description Id or name of one plan; else all of the centre */
                plan?: string | null;
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
                    "application/json": Record<string, never>;
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
    export_keyholders: {
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
    export_schedules: {
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
    read_figures: {
        parameters: {
            query?: {
                /** @description A profile of load; without: that of the settings */
                load_profile?: string | null;
                /** @description A profile; without: that of the settings */
                profile?: string | null;
                /** @description First day, or local time; without: 29 days ago */
                since?: string | null;
                /** @description Last day, or local time; without: now */
                until?: string | null;
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
                    "application/json": components["schemas"]["FiguresAnswer"];
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
    export_figures: {
        parameters: {
            query: {
                /** @description Form of the file */
                format: "csv" | "html" | "json" | "pdf";
                /** @description A profile of load; without: that of the settings */
                load_profile?: string | null;
                /** @description A profile; without: that of the settings */
                profile?: string | null;
                /** @description First day, or local time; without: 29 days ago */
                since?: string | null;
                /** @description Last day, or local time; without: now */
                until?: string | null;
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
                    "application/json": Record<string, never>;
                    "application/pdf": string;
                    "text/csv": string;
                    "text/html": string;
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
    read_figure_profiles: {
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
                    "application/json": components["schemas"]["FigureProfilesAnswer"];
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
    read_flood: {
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
                    "application/json": components["schemas"]["FloodAnswer"];
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
    find_places: {
        parameters: {
            query: {
                /** @description How the words of a place begin */
                place: string;
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
                    "application/json": components["schemas"]["GazetteerAnswer"];
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
    read_gazetteer_sources: {
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
                    "application/json": components["schemas"]["GazetteerSources"];
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
    import_gazetteer: {
        parameters: {
            query: {
                /** @description Say what it would do; change nothing */
                dry_run?: boolean;
                /** @description A table, or GeoJSON with one feature a line */
                format: "csv" | "features";
            };
            header?: never;
            path: {
                /** @description What the file is called here */
                place_source_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/geo+json-seq": string;
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
                    "application/json": components["schemas"]["PlacesImportAnswer"];
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
    remove_gazetteer: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description What the file is called here */
                place_source_id: string;
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
    read_grants: {
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
                    "application/json": components["schemas"]["GrantsAnswer"];
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
    make_grant: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["GrantBody"];
            };
        };
        responses: {
            /** @description Document created, URL follows */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GrantItem"];
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
    end_grant: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of a site or an account */
                target_id: string;
                /** @description Id of a user */
                user_id: string;
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
    read_groups: {
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
                    "application/json": components["schemas"]["GroupsAnswer"];
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
    make_group: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["GroupBody"];
            };
        };
        responses: {
            /** @description Document created, URL follows */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GroupItem"];
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
    change_group: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of a group */
                group_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["GroupChange"];
            };
        };
        responses: {
            /** @description Request fulfilled, document follows */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GroupItem"];
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
    remove_group: {
        parameters: {
            query: {
                /** @description The version that was looked at */
                version: number;
            };
            header?: never;
            path: {
                /** @description Id of a group */
                group_id: string;
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
    hold_up: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["HoldUpBody"];
            };
        };
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
    read_holds: {
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
                    "application/json": components["schemas"]["HoldsAnswer"];
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
    read_holidays: {
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
                    "application/json": components["schemas"]["HolidaysAnswer"];
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
    add_holidays: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["HolidaysBody"];
            };
        };
        responses: {
            /** @description Document created, URL follows */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HolidaysItem"];
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
    change_holidays: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of a calendar of holidays */
                holidays_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["HolidaysBody"];
            };
        };
        responses: {
            /** @description Request fulfilled, document follows */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HolidaysItem"];
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
    remove_holidays: {
        parameters: {
            query: {
                /** @description The version that was looked at */
                version: number;
            };
            header?: never;
            path: {
                /** @description Id of a calendar of holidays */
                holidays_id: string;
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
    read_calendar: {
        parameters: {
            query: {
                /** @description Say what it would do; change nothing */
                dry_run?: boolean;
                /** @description By whose clock the file is read, such as Europe/Vienna */
                time_zone: string;
                /** @description The version that was looked at */
                version: number;
            };
            header?: never;
            path: {
                /** @description Id of a calendar of holidays */
                holidays_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "text/calendar": string;
            };
        };
        responses: {
            /** @description Request fulfilled, document follows */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HolidaysRead"];
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
    import_action_plans: {
        parameters: {
            query?: {
                /** @description `basis` of the dry run that was looked at */
                basis?: string | null;
                /** @description Say what it would do; change nothing */
                dry_run?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": Record<string, never>;
                "application/toml": string;
            };
        };
        responses: {
            /** @description Request fulfilled, document follows */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PlanImportAnswer"];
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
    import_keyholders: {
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
    import_schedules: {
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
    note_call: {
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
                "application/json": components["schemas"]["CallBody"];
            };
        };
        responses: {
            /** @description Request fulfilled, document follows */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CallAnswer"];
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
    read_position: {
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
                    "application/json": components["schemas"]["PositionAnswer"];
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
    read_data: {
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
                    "application/json": components["schemas"]["DataAnswer"];
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
    dial: {
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
                "application/json": components["schemas"]["DialBody"];
            };
        };
        responses: {
            /** @description Request fulfilled, document follows */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DialItem"];
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
    erase: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of an incident */
                incident_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EraseBody"];
            };
        };
        responses: {
            /** @description Request fulfilled, document follows */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DataAnswer"];
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
    read_help_note: {
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
                    "application/json": components["schemas"]["HelpNoteAnswer"];
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
    write_help_note: {
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
                "application/json": components["schemas"]["HelpNoteBody"];
            };
        };
        responses: {
            /** @description Request fulfilled, document follows */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HelpNoteWritten"];
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
    confirm_help_note: {
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
                "application/json": components["schemas"]["HelpNoteConfirmBody"];
            };
        };
        responses: {
            /** @description Request fulfilled, document follows */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HelpNoteWritten"];
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
    set_hold: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of an incident */
                incident_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["HoldBody"];
            };
        };
        responses: {
            /** @description Document created, URL follows */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HoldItem"];
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
    lift_hold: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of a legal hold */
                hold_id: string;
                /** @description Id of an incident */
                incident_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LiftBody"];
            };
        };
        responses: {
            /** @description Request fulfilled, document follows */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HoldItem"];
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
    read_call_list: {
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
                    "application/json": components["schemas"]["CallListAnswer"];
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
    merge: {
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
                "application/json": components["schemas"]["MergeBody"];
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
    read_incident_notices: {
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
                    "application/json": components["schemas"]["IncidentNoticesAnswer"];
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
    notify: {
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
                "application/json": components["schemas"]["NotifyBody"];
            };
        };
        responses: {
            /** @description Request fulfilled, document follows */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IncidentNoticesAnswer"];
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
    check_phrase: {
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
                "application/json": components["schemas"]["PhraseCheckBody"];
            };
        };
        responses: {
            /** @description Request fulfilled, document follows */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PhraseAnswer"];
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
    read_quick_place: {
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
                    "application/json": components["schemas"]["QuickPlace"];
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
    read_plan: {
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
                    "application/json": components["schemas"]["PlanDetail"];
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
    begin_plan: {
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
                "application/json": components["schemas"]["BeginBody"];
            };
        };
        responses: {
            /** @description Request fulfilled, document follows */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PlanAnswer"];
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
    pass_step: {
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
                "application/json": components["schemas"]["NextBody"];
            };
        };
        responses: {
            /** @description Request fulfilled, document follows */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PlanAnswer"];
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
    do_step: {
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
                "application/json": components["schemas"]["StepBody"];
            };
        };
        responses: {
            /** @description Request fulfilled, document follows */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PlanAnswer"];
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
    waive_step: {
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
                "application/json": components["schemas"]["WaiveBody"];
            };
        };
        responses: {
            /** @description Request fulfilled, document follows */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PlanAnswer"];
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
    read_incident_plans: {
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
                    "application/json": components["schemas"]["IncidentPlans"];
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
    read_reports: {
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
                    "application/json": components["schemas"]["ReportsAnswer"];
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
    shelve: {
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
                "application/json": components["schemas"]["ShelveBody"];
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
    split: {
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
                "application/json": components["schemas"]["SplitBody"];
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
    read_stills: {
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
                    "application/json": components["schemas"]["StillsAnswer"];
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
    read_clear: {
        parameters: {
            query: {
                /** @description What the lifting answered */
                word: string;
            };
            header?: never;
            path: {
                /** @description Id of an incident */
                incident_id: string;
                /** @description Id of a still */
                still_id: string;
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
                    "application/json": string;
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
    lift_mask: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of an incident */
                incident_id: string;
                /** @description Id of a still */
                still_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["StillLiftBody"];
            };
        };
        responses: {
            /** @description Request fulfilled, document follows */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StillLiftAnswer"];
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
    mask_again: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of an incident */
                incident_id: string;
                /** @description Id of a still */
                still_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["StillMaskBody"];
            };
        };
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
    read_masked: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of an incident */
                incident_id: string;
                /** @description Id of a still */
                still_id: string;
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
                    "application/json": string;
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
    unmerge: {
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
                "application/json": components["schemas"]["UndoBody"];
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
    unshelve: {
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
                "application/json": components["schemas"]["UnshelveBody"];
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
    unsplit: {
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
                "application/json": components["schemas"]["UndoBody"];
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
    read_place_warnings: {
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
                    "application/json": components["schemas"]["PlaceWarningsAnswer"];
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
    warn_of_place: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of an incident */
                incident_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PlaceWarningBody"];
            };
        };
        responses: {
            /** @description Document created, URL follows */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PlaceWarningsAnswer"];
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
    read_wishes: {
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
                    "application/json": components["schemas"]["WishesAnswer"];
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
    take_call_event: {
        parameters: {
            query?: {
                /** @description The source that sends; needed where the token may send for several */
                source?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": Record<string, never>;
                "application/x-www-form-urlencoded": string;
            };
        };
        responses: {
            /** @description Request accepted, processing continues off-line */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RingReceipt"];
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
    take_location: {
        parameters: {
            query?: {
                /** @description The source that sends; needed where the token may send for several */
                source?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/x-www-form-urlencoded": string;
            };
        };
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
    take_signals: {
        parameters: {
            query?: {
                /** @description The source that sends; needed where the token may send for several */
                source?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/cloudevents-batch+json": string;
                "application/cloudevents+json": string;
                "application/json": Record<string, never>;
            };
        };
        responses: {
            /** @description Request accepted, processing continues off-line */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SignalReceipts"];
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
    export_journal: {
        parameters: {
            query?: {
                after?: number;
                kind?: string | null;
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
                    "application/x-ndjson": unknown;
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
    export_unsealed: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UnsealedBody"];
            };
        };
        responses: {
            /** @description Request fulfilled, document follows */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/x-ndjson": string;
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
    end_key_link: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of a link to a key */
                link_id: string;
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
    change_keyholder: {
        parameters: {
            query?: never;
            header?: {
                /** @description The sender's own id of this change. The same change again is made once, for 30 days. */
                "Idempotency-Key"?: string | null;
            };
            path: {
                /** @description Id of a keyholder */
                keyholder_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["KeyholderChange"];
            };
        };
        responses: {
            /** @description Request fulfilled, document follows */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KeyholderItem"];
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
    remove_keyholder: {
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
                /** @description Id of a keyholder */
                keyholder_id: string;
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
    confirm_keyholder: {
        parameters: {
            query?: never;
            header?: {
                /** @description The sender's own id of this change. The same change again is made once, for 30 days. */
                "Idempotency-Key"?: string | null;
            };
            path: {
                /** @description Id of a keyholder */
                keyholder_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SeenBody"];
            };
        };
        responses: {
            /** @description Request fulfilled, document follows */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KeyholderItem"];
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
    set_keyholder_phrases: {
        parameters: {
            query?: never;
            header?: {
                /** @description The sender's own id of this change. The same change again is made once, for 30 days. */
                "Idempotency-Key"?: string | null;
            };
            path: {
                /** @description Id of a keyholder */
                keyholder_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PhrasesBody"];
            };
        };
        responses: {
            /** @description Request fulfilled, document follows */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KeyholderItem"];
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
    take_keyholder_back: {
        parameters: {
            query?: never;
            header?: {
                /** @description The sender's own id of this change. The same change again is made once, for 30 days. */
                "Idempotency-Key"?: string | null;
            };
            path: {
                /** @description Id of a keyholder */
                keyholder_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SeenBody"];
            };
        };
        responses: {
            /** @description Request fulfilled, document follows */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KeyholderItem"];
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
    read_keyholders_due: {
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
                    "application/json": components["schemas"]["DueAnswer"];
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
    read_lines: {
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
                    "application/json": components["schemas"]["LinesAnswer"];
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
    add_line: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LineBody"];
            };
        };
        responses: {
            /** @description Document created, URL follows */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LineItem"];
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
    change_line: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of a line */
                line_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LineBody"];
            };
        };
        responses: {
            /** @description Request fulfilled, document follows */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LineItem"];
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
    remove_line: {
        parameters: {
            query: {
                /** @description The version that was looked at */
                version: number;
            };
            header?: never;
            path: {
                /** @description Id of a line */
                line_id: string;
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
    read_me: {
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
                    "application/json": components["schemas"]["MeAnswer"];
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
    add_contact: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ContactBody"];
            };
        };
        responses: {
            /** @description Document created, URL follows */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ContactMade"];
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
    remove_contact: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of a contact */
                contact_id: string;
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
    test_contact: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of a contact */
                contact_id: string;
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
                    "application/json": components["schemas"]["NoticeItem"];
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
    read_holdings: {
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
                    "application/json": components["schemas"]["HoldingsAnswer"];
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
    set_own_password: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PasswordBody"];
            };
        };
        responses: {
            /** @description Request fulfilled, document follows */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CredentialsItem"];
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
    set_pin: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PinBody"];
            };
        };
        responses: {
            /** @description Request fulfilled, document follows */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CredentialsItem"];
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
    remove_pin: {
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
    read_reach: {
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
                    "application/json": components["schemas"]["MyReachAnswer"];
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
    set_reach: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReachBody"];
            };
        };
        responses: {
            /** @description Request fulfilled, document follows */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MyReachAnswer"];
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
    take_absences: {
        parameters: {
            query: {
                /** @description IANA time zone of its days */
                time_zone: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "text/calendar": string;
            };
        };
        responses: {
            /** @description Request fulfilled, document follows */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CalendarTaken"];
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
    drop_absences: {
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
                    "application/json": components["schemas"]["MyReachAnswer"];
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
    set_rules: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RulesBody"];
            };
        };
        responses: {
            /** @description Request fulfilled, document follows */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MyReachAnswer"];
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
    set_week: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WeekBody"];
            };
        };
        responses: {
            /** @description Request fulfilled, document follows */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MyReachAnswer"];
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
    make_recovery_codes: {
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
                    "application/json": components["schemas"]["RecoveryAnswer"];
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
    end_own_session: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of a session */
                session_id: string;
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
    sign_out_elsewhere: {
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
                    "application/json": components["schemas"]["EndedAnswer"];
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
    begin_totp: {
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
                    "application/json": components["schemas"]["TotpAnswer"];
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
    confirm_totp: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TotpCodeBody"];
            };
        };
        responses: {
            /** @description Request fulfilled, document follows */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RecoveryAnswer"];
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
    remove_own_totp: {
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
                    "application/json": components["schemas"]["CredentialsItem"];
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
    read_notices: {
        parameters: {
            query?: {
                before?: number | null;
                limit?: number;
                state?: "queued" | "accepted" | "delivered" | "seen" | "answered" | "failed" | "expired" | "held" | null;
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
                    "application/json": components["schemas"]["NoticesAnswer"];
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
    drop_notice: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of a notice */
                notice_id: string;
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
    send_again: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of a notice */
                notice_id: string;
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
                    "application/json": components["schemas"]["NoticeItem"];
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
    take_bounce: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "message/rfc822": string;
            };
        };
        responses: {
            /** @description Request fulfilled, document follows */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BounceAnswer"];
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
    told: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description End of the link */
                secret: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ToldBody"];
            };
        };
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
            /** @description Anything else that went wrong. */
            default: components["responses"]["Problem"];
        };
    };
    read_on_test: {
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
                    "application/json": components["schemas"]["OnTestAnswer"];
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
    begin_test: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BeginTestBody"];
            };
        };
        responses: {
            /** @description Document created, URL follows */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OnTestItem"];
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
    read_test_codes: {
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
                    "application/json": components["schemas"]["CodesAnswer"];
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
    give_test_code: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["GiveCodeBody"];
            };
        };
        responses: {
            /** @description Document created, URL follows */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodeMade"];
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
    end_test_code: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of a one-day code */
                code_id: string;
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
    read_one_test: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of a test */
                test_id: string;
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
                    "application/json": components["schemas"]["OnTestDetail"];
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
    end_test: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of a test */
                test_id: string;
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
                    "application/json": components["schemas"]["OnTestItem"];
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
    extend_test: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of a test */
                test_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ExtendTestBody"];
            };
        };
        responses: {
            /** @description Request fulfilled, document follows */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OnTestItem"];
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
    read_report: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of a test */
                test_id: string;
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
                    "application/pdf": string;
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
    read_out_of_service: {
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
                    "application/json": components["schemas"]["ZonesOutAnswer"];
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
    put_back: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of what was taken out of service */
                out_id: string;
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
                    "application/json": components["schemas"]["ZonesOutItem"];
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
    extend_out: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of what was taken out of service */
                out_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ExtendOutBody"];
            };
        };
        responses: {
            /** @description Request fulfilled, document follows */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ZonesOutItem"];
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
    read_own_accounts: {
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
                    "application/json": components["schemas"]["OwnAccountsAnswer"];
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
    read_own_key_links: {
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
                    "application/json": components["schemas"]["KeyLinksAnswer"];
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
    give_own_key_link: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of an account */
                account_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["GiveKeyLinkBody"];
            };
        };
        responses: {
            /** @description Document created, URL follows */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KeyLinkMade"];
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
    read_own_sheet: {
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
                    "application/pdf": string;
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
    read_own_incidents: {
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
                    "application/json": components["schemas"]["OwnIncidentsAnswer"];
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
    confirm_own_keyholder: {
        parameters: {
            query?: never;
            header?: {
                /** @description The sender's own id of this change. The same change again is made once, for 30 days. */
                "Idempotency-Key"?: string | null;
            };
            path: {
                /** @description Id of a keyholder */
                keyholder_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SeenBody"];
            };
        };
        responses: {
            /** @description Request fulfilled, document follows */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SeenBody"];
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
    read_own_tests: {
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
                    "application/json": components["schemas"]["OwnTestsAnswer"];
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
    begin_own_test: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BeginOwnTestBody"];
            };
        };
        responses: {
            /** @description Document created, URL follows */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OwnTestItem"];
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
    read_own_test: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of a test */
                test_id: string;
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
                    "application/json": components["schemas"]["OwnTestDetail"];
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
    end_own_test: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of a test */
                test_id: string;
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
                    "application/json": components["schemas"]["OwnTestItem"];
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
    read_own_report: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of a test */
                test_id: string;
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
                    "application/pdf": string;
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
    read_own_keyholders: {
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
                    "application/json": components["schemas"]["OwnKeyholdersAnswer"];
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
    read_call_paper: {
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
                    "application/pdf": string;
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
    read_open_paper: {
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
                    "application/pdf": string;
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
            query?: {
                /** @description Ids of accounts */
                account_id?: string[] | null;
                /** @description Ids of sites */
                site_id?: string[] | null;
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
    change_plan: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of a floor plan */
                plan_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PlanBody"];
            };
        };
        responses: {
            /** @description Request fulfilled, document follows */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PlanItem"];
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
    remove_plan: {
        parameters: {
            query: {
                /** @description The version that was looked at */
                version: number;
            };
            header?: never;
            path: {
                /** @description Id of a floor plan */
                plan_id: string;
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
    read_plan_picture: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of a floor plan */
                plan_id: string;
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
                    "application/json": string;
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
    replace_plan: {
        parameters: {
            query: {
                /** @description Page of a PDF */
                page?: number;
                /** @description The version that was looked at */
                version: number;
            };
            header?: never;
            path: {
                /** @description Id of a floor plan */
                plan_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/pdf": string;
                "image/jpeg": string;
                "image/png": string;
            };
        };
        responses: {
            /** @description Request fulfilled, document follows */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PlanItem"];
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
    offer_part: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OfferPartBody"];
            };
        };
        responses: {
            /** @description Document created, URL follows */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QueuePartItem"];
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
    end_part: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of a part of the queue */
                part_id: string;
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
    accept_part: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of a part of the queue */
                part_id: string;
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
                    "application/json": components["schemas"]["QueuePartItem"];
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
    read_retention: {
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
                    "application/json": components["schemas"]["RetentionAnswer"];
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
    read_waiting: {
        parameters: {
            query?: {
                /** @description `next` of the page before */
                after?: string | null;
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
                    "application/json": components["schemas"]["WaitingAnswer"];
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
    release_waiting: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReleaseWaitingBody"];
            };
        };
        responses: {
            /** @description Request fulfilled, document follows */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReleasedAnswer"];
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
    read_rings: {
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
                    "application/json": components["schemas"]["RingsAnswer"];
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
    read_ring_locations: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of a call of the telephone system */
                ring_id: string;
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
                    "application/json": components["schemas"]["RingLocationsAnswer"];
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
    read_ring_number: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of a call of the telephone system */
                ring_id: string;
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
                    "application/json": components["schemas"]["RingNumberAnswer"];
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
    return_ring: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of a call of the telephone system */
                ring_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RingReturnBody"];
            };
        };
        responses: {
            /** @description Request fulfilled, document follows */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RingItem"];
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
    take_ring: {
        parameters: {
            query?: never;
            header: {
                /** @description The sender's own id of this command. The same command again gets the same answer for 30 days. */
                "Idempotency-Key": string;
            };
            path: {
                /** @description Id of a call of the telephone system */
                ring_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Document created, URL follows */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CallFormItem"];
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
    read_roles: {
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
                    "application/json": components["schemas"]["RolesAnswer"];
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
    read_rosters: {
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
                    "application/json": components["schemas"]["RostersAnswer"];
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
    add_roster: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RosterBody"];
            };
        };
        responses: {
            /** @description Document created, URL follows */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RosterItem"];
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
    change_roster: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of a roster */
                roster_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RosterBody"];
            };
        };
        responses: {
            /** @description Request fulfilled, document follows */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RosterItem"];
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
    remove_roster: {
        parameters: {
            query: {
                /** @description Version that was seen */
                version: number;
            };
            header?: never;
            path: {
                /** @description Id of a roster */
                roster_id: string;
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
    add_override: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of a roster */
                roster_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OverrideBody"];
            };
        };
        responses: {
            /** @description Document created, URL follows */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RosterItem"];
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
    end_override: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Number of an exception */
                override_id: string;
                /** @description Id of a roster */
                roster_id: string;
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
    read_parameters: {
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
                    "application/json": components["schemas"]["ParametersAnswer"];
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
    set_parameters: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ParametersBody"];
            };
        };
        responses: {
            /** @description Request fulfilled, document follows */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ParametersAnswer"];
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
    try_parameters: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TryBody"];
            };
        };
        responses: {
            /** @description Request fulfilled, document follows */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TriedAnswer"];
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
    remove_schedule: {
        parameters: {
            query: {
                /** @description The version that was looked at */
                version: number;
            };
            header?: never;
            path: {
                /** @description Id of a schedule */
                schedule_id: string;
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
    take_calendar: {
        parameters: {
            query: {
                /** @description Say what it would do; change nothing */
                dry_run?: boolean;
                /** @description The version that was looked at */
                version: number;
            };
            header?: never;
            path: {
                /** @description Id of a schedule */
                schedule_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "text/calendar": string;
            };
        };
        responses: {
            /** @description Request fulfilled, document follows */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CalendarAnswer"];
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
    set_tonight: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of a schedule */
                schedule_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TonightBody"];
            };
        };
        responses: {
            /** @description Request fulfilled, document follows */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ScheduleItem"];
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
    read_scope_sheet: {
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
                    "application/json": components["schemas"]["ScopeSheet"];
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
    read_challenge: {
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
                    "application/json": components["schemas"]["ChallengeAnswer"];
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
    confirm_session: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ConfirmBody"];
            };
        };
        responses: {
            /** @description Document created, URL follows */
            201: {
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
    bind_device: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DeviceBody"];
            };
        };
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
    lock_session: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LockBody"];
            };
        };
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
    prove_device: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ProofBody"];
            };
        };
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
    touch_session: {
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
    unlock_session: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UnlockBody"];
            };
        };
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
    read_sessions: {
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
                    "application/json": components["schemas"]["SessionsAnswer"];
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
    end_any_session: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of a session */
                session_id: string;
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
    read_shifts: {
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
                    "application/json": components["schemas"]["ShiftsAnswer"];
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
    begin_shift: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BeginShiftBody"];
            };
        };
        responses: {
            /** @description Document created, URL follows */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ShiftItem"];
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
    read_one_shift: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of a shift */
                shift_id: string;
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
                    "application/json": components["schemas"]["ShiftDetail"];
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
    accept_shift: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of a shift */
                shift_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TakeShiftBody"];
            };
        };
        responses: {
            /** @description Request fulfilled, document follows */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ShiftItem"];
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
    end_shift: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of a shift */
                shift_id: string;
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
                    "application/json": components["schemas"]["ShiftItem"];
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
    offer_shift: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of a shift */
                shift_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OfferShiftBody"];
            };
        };
        responses: {
            /** @description Request fulfilled, document follows */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ShiftItem"];
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
    end_offer: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of a shift */
                shift_id: string;
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
                    "application/json": components["schemas"]["ShiftItem"];
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
    take_over_shift: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of a shift */
                shift_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TakeShiftBody"];
            };
        };
        responses: {
            /** @description Request fulfilled, document follows */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ShiftItem"];
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
    read_site_history: {
        parameters: {
            query?: {
                before?: number | null;
                limit?: number;
                /** @description Only this; all of it without */
                what?: "incidents" | "tests" | "openings" | "edits" | null;
            };
            header?: never;
            path: {
                /** @description Id of a site or an account */
                place_id: string;
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
                    "application/json": components["schemas"]["HistoryAnswer"];
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
    read_keyholders: {
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
                    "application/json": components["schemas"]["KeyholdersAnswer"];
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
    make_keyholder: {
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
                "application/json": components["schemas"]["KeyholderBody"];
            };
        };
        responses: {
            /** @description Document created, URL follows */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KeyholderItem"];
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
    order_keyholders: {
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
                "application/json": components["schemas"]["OrderBody"];
            };
        };
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
    set_site_phrases: {
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
                "application/json": components["schemas"]["PhrasesBody"];
            };
        };
        responses: {
            /** @description Request fulfilled, document follows */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PhrasesItem"];
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
    read_plans: {
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
                    "application/json": components["schemas"]["PlansAnswer"];
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
    add_plan: {
        parameters: {
            query?: {
                /** @description Which level it shows; 0 is the ground */
                level?: number;
                /** @description Page of a PDF */
                page?: number;
            };
            header?: never;
            path: {
                /** @description Id of a site */
                site_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/pdf": string;
                "image/jpeg": string;
                "image/png": string;
            };
        };
        responses: {
            /** @description Request fulfilled, document follows */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PlanItem"];
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
    read_site_schedules: {
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
                    "application/json": components["schemas"]["SchedulesAnswer"];
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
    set_wishes: {
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
                "application/json": components["schemas"]["WishesBody"];
            };
        };
        responses: {
            /** @description Request fulfilled, document follows */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WishesState"];
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
    remove_wishes: {
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
    read_sources: {
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
                    "application/json": components["schemas"]["SourcesAnswer"];
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
    make_source: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SourceBody"];
            };
        };
        responses: {
            /** @description Document created, URL follows */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SourceItem"];
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
    read_source: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of a source */
                source_id: string;
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
                    "application/json": components["schemas"]["SourceDetail"];
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
    change_source: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of a source */
                source_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SourceChange"];
            };
        };
        responses: {
            /** @description Request fulfilled, document follows */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SourceItem"];
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
    remove_source: {
        parameters: {
            query: {
                /** @description The version that was looked at */
                version: number;
            };
            header?: never;
            path: {
                /** @description Id of a source */
                source_id: string;
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
    explain_message: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of a source */
                source_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MessageBody"];
            };
        };
        responses: {
            /** @description Request fulfilled, document follows */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MessageAnswer"];
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
    make_source_secret: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of a source */
                source_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SecretBody"];
            };
        };
        responses: {
            /** @description Document created, URL follows */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SecretAnswer"];
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
    remove_source_secret: {
        parameters: {
            query: {
                /** @description The version that was looked at */
                version: number;
            };
            header?: never;
            path: {
                /** @description Id of a source */
                source_id: string;
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
    test_source: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of a source */
                source_id: string;
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
                    "application/json": components["schemas"]["SourceTestAnswer"];
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
    make_source_token: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of a source */
                source_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SourceTokenBody"];
            };
        };
        responses: {
            /** @description Document created, URL follows */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SourceTokenAnswer"];
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
    answer_subject_request: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SubjectRequestBody"];
            };
        };
        responses: {
            /** @description Request fulfilled, document follows */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SubjectRequestAnswer"];
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
    read_supervision: {
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
                    "application/json": components["schemas"]["SupervisionAnswer"];
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
    read_watched: {
        parameters: {
            query?: {
                /** @description `next` of the page before */
                after?: string | null;
                /** @description Of it; `-`: without one */
                category?: string | null;
                /** @description Whose silence opened or joined this incident, also those that were heard again since; without `state`, of every state */
                incident?: string | null;
                limit?: number;
                /** @description Heard from this network, such as 203.0.113.0/24 */
                network?: string | null;
                /** @description Heard by this receiver (R) */
                receiver?: number | null;
                /** @description States, with commas between; without, what needs a person */
                state?: string | null;
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
                    "application/json": components["schemas"]["WatchedPage"];
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
    read_late: {
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
                    "application/json": components["schemas"]["LateAnswer"];
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
    read_tokens: {
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
                    "application/json": components["schemas"]["TokensAnswer"];
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
    make_token: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TokenBody"];
            };
        };
        responses: {
            /** @description Document created, URL follows */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TokenAnswer"];
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
    revoke_token: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of a token */
                token_id: string;
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
    make_user: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UserBody"];
            };
        };
        responses: {
            /** @description Document created, URL follows */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserItem"];
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
    read_user: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of a user */
                user_id: string;
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
                    "application/json": components["schemas"]["UserDetail"];
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
    remove_user: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of a user */
                user_id: string;
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
    change_user: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of a user */
                user_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UserPatch"];
            };
        };
        responses: {
            /** @description Request fulfilled, document follows */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserItem"];
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
    make_link: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of a user */
                user_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Document created, URL follows */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LinkAnswer"];
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
    sign_user_out: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of a user */
                user_id: string;
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
                    "application/json": components["schemas"]["EndedAnswer"];
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
    remove_totp: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of a user */
                user_id: string;
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
                    "application/json": components["schemas"]["UserDetail"];
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
    end_place_warning: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of a warning */
                warning_id: string;
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
    read_watch_log: {
        parameters: {
            query?: {
                before?: number | null;
                limit?: number;
                /** @description From when, in microseconds */
                since?: number;
                /** @description Until before when, in microseconds */
                until?: number;
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
                    "application/json": components["schemas"]["WatchLogPage"];
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
    write_watch_log: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WatchLineBody"];
            };
        };
        responses: {
            /** @description Document created, URL follows */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WatchWritten"];
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
    export_watch_log: {
        parameters: {
            query: {
                /** @description From when, in microseconds */
                since: number;
                /** @description Until before when, in microseconds */
                until: number;
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
