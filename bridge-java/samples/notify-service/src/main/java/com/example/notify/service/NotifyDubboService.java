package com.example.notify.service;

import com.example.notify.MessageNotifyAiFacade;
import com.example.notify.provider.InMemoryNotify;
import org.apache.dubbo.config.annotation.DubboService;

/** Exports the rules of notify. */
@DubboService(group = "notify", version = "1.0.0", interfaceClass = MessageNotifyAiFacade.class)
public class NotifyDubboService extends InMemoryNotify implements MessageNotifyAiFacade {}
